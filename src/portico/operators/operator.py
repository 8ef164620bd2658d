"""Who looks and orders: an operator and what the role allows. The console and the terminal go by it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """Each may what those before it may: look; order; look after people."""

    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Role:
        """Raises KeyError."""
        return cls[word.upper()]


@dataclass(frozen=True, slots=True)
class Operator:
    """`name` is what stands in the ledger beside what this person ordered."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        return self.role >= role
