"""Why a message could not be handed over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """`temporary` says whether the same message may get through later. `reason` holds no secret.

    `for_all`: any other message would have failed as well. `code` is a mail server's, where it gave one.
    """

    reason: str
    temporary: bool = True
    for_all: bool = False
    code: int | None = None
