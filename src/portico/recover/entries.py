"""What became of a drill's posts: what the studio has of them, held against what was acknowledged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portico.kit import unixsocket
from portico.recover.posting import Posted

TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Tally:
    """`lost` were acknowledged and aren't there; `twice` are there more than once; `unsaid` were not
    acknowledged and are there, which is nobody's harm: who tries again has one entry.
    """

    sent: int
    acknowledged: int
    entries: int
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    unsaid: int

    @property
    def data(self) -> dict[str, Any]:
        return {
            "posts": self.sent,
            "acknowledged": self.acknowledged,
            "entries": self.entries,
            "lost": len(self.lost),
            "twice": len(self.twice),
            "not_acknowledged": self.sent - self.acknowledged,
            "taken_unsaid": self.unsaid,
        }


def tally(posted: Sequence[Posted], tokens: Sequence[str]) -> Tally:
    """Pure: `tokens` of the entries that are there."""
    there = Counter(tokens)
    told = [one.token for one in posted if one.acknowledged]
    return Tally(
        sent=len(posted),
        acknowledged=len(told),
        entries=len(tokens),
        lost=tuple(token for token in told if not there[token]),
        twice=tuple(token for token, times in there.items() if times > 1),
        unsaid=sum(there[one.token] > 0 for one in posted if not one.acknowledged),
    )


def of(socket: Path, run: str, *, forget: bool = False) -> list[str] | None:
    """The tokens of a run's entries, None while the studio can't tell."""
    try:
        status, said = unixsocket.post(socket, "/drilled", {"run": run, "forget": forget}, timeout=TIMEOUT_S)
    except OSError:
        return None
    return [str(token) for token in said["tokens"]] if status == 200 else None
