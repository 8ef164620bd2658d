"""What the freezer remembers, and whether there is something to publish. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from portico.model import Digest
from portico.release.studio import Answer

AGAIN_S = 30.0
"""What failed is tried again after so long, or as soon as something changed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was published last: the studio's `revision`, made by `build`, as `snapshot`.

    `held` is the revision at which a publisher went back: until there is a newer one, nothing is published.
    `failed` is what could not be published, and `failed_at` when that was tried last.
    """

    revision: int | None = None
    build: str = ""
    snapshot: Digest | None = None
    held: int | None = None
    failed: tuple[int | None, str] | None = None
    failed_at: float = 0.0

    def published(self, answer: Answer, snapshot: Digest) -> Known:
        return Known(answer.revision, answer.build, snapshot)

    def went_back(self, revision: int | None) -> Known:
        return replace(self, held=revision, failed=None)

    def failing(self, answer: Answer, now: float) -> Known:
        return replace(self, failed=(answer.revision, answer.build), failed_at=now)


def is_due(answer: Answer, known: Known, live: Digest | None, now: float) -> bool:
    """Whether what the studio has is to be published now."""
    if _holds(answer, known):
        return False
    if known.failed == (answer.revision, answer.build) and 0 <= now - known.failed_at < AGAIN_S:
        return False
    if answer.revision != known.revision:
        return True
    return answer.build != known.build and live == known.snapshot


def _holds(answer: Answer, known: Known) -> bool:
    newest = answer.revision if answer.content is None else answer.content
    return known.held is not None and newest is not None and newest <= known.held


def is_behind(answer: Answer, known: Known) -> bool:
    """Whether nobody changed anything since what was published last: only the search index follows."""
    if answer.content is None or known.revision is None or answer.build != known.build:
        return False
    return answer.content <= known.revision


def load(values: Mapping[str, Any] | None) -> Known:
    """From what the ledger remembers."""
    if not values:
        return Known()
    failed = values.get("failed")
    return Known(**{**values, "failed": tuple(failed) if failed else None})


def dump(known: Known) -> dict[str, Any]:
    return asdict(known)
