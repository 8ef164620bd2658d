"""The site's dynamic redirect rules, sorted once per snapshot. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portico.model import Header, RedirectRule
from portico.replica import location
from portico.store import routes

_DOTS = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")


@dataclass(frozen=True, slots=True)
class Moved:
    """A redirect: status, finished Location value, and the manifest's other headers for it."""

    status: int
    location: str
    headers: tuple[Header, ...] = ()


class Rules:
    """3xx rules answer before files do; the others (rewrites) only where nothing else does."""

    def __init__(self, rules: Iterable[RedirectRule]) -> None:
        known = tuple(rules)
        self._moves = [rule for rule in known if 300 <= rule.status < 400]
        self._rewrites = [rule for rule in known if not 300 <= rule.status < 400]

    def moved(self, path: str, query: str) -> Moved | None:
        """The first redirect that matches and leads elsewhere. A path with dots in it could climb: none."""
        if not self._moves or _DOTS.search(path):
            return None
        for rule in self._moves:
            target = routes.follow(rule, path)
            if target is None:
                continue
            finished = location.finished(target)
            if finished != location.of_path(path):
                return Moved(rule.status, location.with_query(finished, query))
        return None

    def rewritten(self, path: str) -> Iterable[tuple[str, int]]:
        """Paths of this site that may answer instead, in order, each with its status."""
        for rule in self._rewrites:
            target = routes.follow(rule, path)
            if target is not None:
                yield target.partition("?")[0], rule.status
