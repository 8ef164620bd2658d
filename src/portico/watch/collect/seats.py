"""Bounds how many names there are: the most asked for have a seat, and seats change hands slowly. Pure."""

from __future__ import annotations

from collections import Counter

CANDIDATES = 512
"""So many names without a seat are counted; beyond that the newest are not."""

TWICE = 2
"""A newcomer must be asked for so many times as often as who loses the seat for it."""


class Seats:
    """At most `most` names. In each `reseat` at most `changes` of them change."""

    def __init__(self, most: int, *, changes: int = 3) -> None:
        self._most = most
        self._changes = changes
        self._seated: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()

    @property
    def seated(self) -> frozenset[str]:
        return frozenset(self._seated)

    def take(self, name: str) -> bool:
        """Count a request; whether its name has a seat. The first names find them free."""
        if name in self._seated or len(self._seated) < self._most:
            self._seated[name] += 1
            return True
        if name in self._waiting or len(self._waiting) < CANDIDATES:
            self._waiting[name] += 1
        return False

    def reseat(self) -> list[str]:
        """Give seats to who was asked for much more often since the last time; who lost one is told."""
        losers = []
        for (newcomer, asked), (least, had) in zip(
            self._waiting.most_common(self._changes),
            sorted(self._seated.items(), key=lambda pair: pair[1]),
            strict=False,
        ):
            if asked < TWICE * max(1, had):
                break
            del self._seated[least]
            self._seated[newcomer] = asked
            losers.append(least)
        self._seated = Counter(dict.fromkeys(self._seated, 0))
        self._waiting.clear()
        return losers
