"""What every page is told beside its own: the menu, who looks, how old what it shows is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from portico.board import age, pulse
from portico.console import menu
from portico.console.desk import Desk
from portico.console.pages import table
from portico.console.render import Renderer
from portico.console.said import Said
from portico.console.typed import Typed
from portico.operators.operator import Operator

LIVE = "/live"
PARTS = ("freshness", "pulse")
"""Live parts of every page, as templates `frame/NAME.html`."""


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Titled:
    """A page that stands in no table: an error, signing in."""

    title: str
    name: str = ""
    live: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One look of one person. `who` is None before signing in: there is no menu then, and nothing is told."""

    desk: Desk
    request: Request
    who: Operator | None = None
    token: str = ""
    heard: Said = NOTHING_SAID
    typed: Typed | None = None

    def renderer(self) -> Renderer:
        """For pages of the table, and by `template` for others, which are told a `page=Titled(...)`."""
        return Renderer(self._shared())

    @property
    def path(self) -> str:
        """Of the page, for its live stream, too."""
        return self.request.url.path.removeprefix(LIVE) or "/"

    def _shared(self) -> dict[str, Any]:
        query = f"?{self.request.url.query}" if self.request.url.query else ""
        groups = menu.of(page for page in table.PAGES if self.who and self.who.may(page.role))
        return {
            "groups": groups,
            "keys": menu.keys(groups),
            "operator": self.who,
            "token": self.token,
            "now": self.desk.now,
            "zone": self.desk.settings.notify.timezone,
            "path": self.path,
            "live_path": f"{LIVE}{self.path}{query}" if self.who else "",
            "said": self.heard.said,
            "trouble": self.heard.trouble,
            "typed": self.typed,
            "freshness": age.of(self.desk.ledger) if self.who else None,
            "pulse": pulse.of(self.desk.ledger) if self.who else None,
        }
