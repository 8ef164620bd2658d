"""Why a message could not be handed over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """`temporary` says whether the same message may get through later. `reason` holds no secret."""

    reason: str
    temporary: bool = True
