"""What every drill is, for the runner and for whoever writes another one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from portico.recover.notes import Acting, Notes
from portico.recover.plan import Target
from portico.recover.scene import Scene


class Drill(Protocol):
    """`sentence` says what is done to the stack; within `bound_s` seconds it must be whole again."""

    sentence: str
    bound_s: float

    def staged(self, scene: Scene) -> AbstractContextManager[tuple[Target, ...]]:
        """Prepare, say what visitors ask for during the drill, and put everything back afterwards."""
        ...

    def act(self, scene: Scene, notes: Notes) -> Acting:
        """Strike, then yield until the stack has healed. Closed early, it undoes what it did."""
        ...
