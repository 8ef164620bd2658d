"""The console's pages in the order of the menu, and its buttons. To add one: its module, its row here."""

from __future__ import annotations

from portico.console.page import Button, Page
from portico.console.pages import overview

PAGES: tuple[Page, ...] = (*overview.PAGES,)
BUTTONS: tuple[Button, ...] = ()
