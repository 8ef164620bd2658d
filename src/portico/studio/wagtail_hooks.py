"""Where the studio's own parts hang into Wagtail's admin; what they are stands in `editing`."""

from __future__ import annotations

from portico.studio.accounts import hanging
from portico.studio.editing import admin, snippets

admin.register()
hanging.register()
snippets.register()
