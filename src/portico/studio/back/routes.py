"""Who answers what on the private API: a handler takes the body and gives status and answer."""

from __future__ import annotations

from portico.studio.accounts import invitations
from portico.studio.back import answers, live
from portico.studio.database import backup
from portico.studio.editing import wishes
from portico.studio.forms import answers as forms
from portico.studio.freezing import answer as freezing

ROUTES: answers.Routes = {
    ("GET", "/live"): live.live,
    ("POST", "/backup"): backup.answer,
    ("POST", "/invite"): invitations.answer,
    ("POST", "/freeze"): freezing.answer,
    ("POST", "/wish"): wishes.answer,
    ("POST", "/deliver"): forms.deliver,
    ("POST", "/mail"): forms.send_mail,
    ("POST", "/forget"): forms.forget,
    ("POST", "/export"): forms.export,
    ("POST", "/erase"): forms.erase,
    ("POST", "/drilled"): forms.drilled,
}
