"""What a publish or a rollback does, step after step. Pure: whoever was interrupted asks again and goes on.

A step is a word, with the store or cluster it is for after a colon: `copy:a`. Each may be done twice
without harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portico.model import MIRROR, Digest, Order

PUBLISH = "publish"
ROLLBACK = "rollback"
KINDS = (PUBLISH, ROLLBACK)

CHECK, COPY, WARM, FLIP, SEEN, BACK = "check", "copy", "warm", "flip", "seen", "flip-back"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an order came. `before` is what was live when it began; `why` is set once it failed."""

    snapshot: Digest
    before: Digest | None = None
    done: tuple[str, ...] = ()
    why: str = ""
    hint: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    def after(self, step: str, seconds: float, note: str = "") -> Progress:
        return replace(
            self,
            done=(*self.done, step),
            notes={**self.notes, step: note} if note else self.notes,
            seconds={**self.seconds, step: round(seconds, 4)},
        )

    def failed(self, why: str, hint: str = "") -> Progress:
        return replace(self, why=why, hint=hint)


def load(values: Mapping[str, Any]) -> Progress | None:
    """From what the ledger remembers; None before the first step."""
    if not values:
        return None
    return Progress(**{**values, "done": tuple(values["done"])})


def plan(kind: str, clusters: Sequence[str]) -> tuple[str, ...]:
    """All the steps of an order: both clusters and the mirror hold it, verified, before the one flip.

    A rollback warms nothing: what was live is still in the edge's cache, and every millisecond counts.
    """
    stores = copies(clusters)
    seen = (*(f"{SEEN}:{cluster}" for cluster in clusters), SEEN)
    if kind == ROLLBACK:
        return (*stores, FLIP, *seen)
    return (CHECK, *stores, WARM, FLIP, *seen)


def copies(clusters: Sequence[str]) -> tuple[str, ...]:
    """The steps that bring a snapshot to every store; done already where all of them hold it."""
    return tuple(f"{COPY}:{store}" for store in (*clusters, MIRROR))


def next_step(kind: str, clusters: Sequence[str], progress: Progress) -> str | None:
    """The step to take now, or None when the order is at its end, well or not.

    What was flipped and then not seen from outside is flipped back.
    """
    if progress.why:
        flipped = FLIP in progress.done and BACK not in progress.done
        return BACK if flipped and progress.before else None
    return next((step for step in plan(kind, clusters) if step not in progress.done), None)


def overtaken(orders: Sequence[Order]) -> list[tuple[Order, Order]]:
    """Open orders that a later publish or rollback makes pointless, each with the one that does.

    Two that publish the same are both carried out: for the second there is little left to do.
    """
    releases = [order for order in orders if order.kind in KINDS]
    return [(older, releases[-1]) for older in releases[:-1] if not _same(older, releases[-1])]


def _same(one: Order, other: Order) -> bool:
    return one.kind == other.kind == PUBLISH and one.args.get("snapshot") == other.args.get("snapshot")


def last_good(lives: Sequence[Digest], live: Digest | None, held: Sequence[Digest]) -> Digest | None:
    """The snapshot that a rollback goes to: the newest that was live before, and is still held.

    `lives` are the snapshots that were flipped to and seen, the oldest first.
    """
    return next((digest for digest in reversed(lives) if digest != live and digest in held), None)
