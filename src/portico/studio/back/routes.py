"""Who answers what on the private API: a handler takes the body and gives status and answer."""

from __future__ import annotations

from portico.studio.back import answers, live
from portico.studio.database import backup
from portico.studio.forms import answers as forms

ROUTES: answers.Routes = {
    ("GET", "/live"): live.live,
    ("POST", "/backup"): backup.answer,
    ("POST", "/deliver"): forms.deliver,
    ("POST", "/mail"): forms.send_mail,
    ("POST", "/forget"): forms.forget,
    ("POST", "/export"): forms.export,
    ("POST", "/erase"): forms.erase,
}
