"""What becomes of words for the public once they are written down: for the console and the terminal."""

from __future__ import annotations

from portico.board import age
from portico.ledger.ledger import Ledger


def outlook(ledger: Ledger, what: str) -> str:
    """`what` stands on the page within seconds; but nobody puts it there while the keeper is silent."""
    if age.of(ledger).keeper.old:
        return f"{what} is written down. The keeper is silent: it stands on the page once that is back."
    return f"{what} is public, and stands on the page within seconds."
