"""A real stack with a real studio in it, which begins with a copy of what was frozen beforehand."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portico.release import loop
from support import studios
from support.stack import Stack, running_stack, until

SETTINGS = """
[source]
kind = "studio"
[studio]
port = 0
[edge]
https_port = 8443
"""
"""The copy was frozen for that port; where it is in use another one is taken, and all is frozen anew."""

PATIENCE_S = 240


@contextmanager
def running(folder: Path, toml: str = "") -> Iterator[Stack]:
    """`toml` adds tables to the settings."""
    (folder / "home").mkdir()
    studios.place(studios.frozen(), folder / "home" / "studio")
    with running_stack(None, folder, SETTINGS + toml, timeout=PATIENCE_S) as stack:
        until(lambda: _is_settled(stack), PATIENCE_S, "the studio's own site is live")
        yield stack


def _is_settled(stack: Stack) -> bool:
    """Else it may go live at any moment of a test: at another address every page is another."""
    with contextlib.closing(stack.ledger()) as ledger:
        known = ledger.seen(loop.SEEN)
        return bool(known and known[0]["revision"] is not None and not ledger.open_orders())
