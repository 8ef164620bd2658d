"""An event as one line for people. Pure."""

from __future__ import annotations

from rich.text import Text

from portico.board import tale
from portico.cli import screen, words
from portico.model import Event

QUIET = frozenset({"frozen", "order.given", "order.taken", "publish.step", "released"})
"""What the live view leaves out: the same story is told by what follows."""


def line(event: Event, now: float) -> Text:
    """`04:16:03  replica.died  a1  signal 9`."""
    return Text.assemble(
        (f"{words.clock(event.at, now)}  ", screen.CALM),
        (f"{event.kind:<16} ", _colour(event)),
        tale.said(event, words.duration, words.clock),
    )


def _colour(event: Event) -> str:
    if event.kind in tale.GOOD:
        return screen.GOOD
    return screen.BAD if event.kind in tale.BAD else ""
