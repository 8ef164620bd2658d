"""Which pages a look asks for: those of the settings, those that were bad, and in time all of the others."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from portico.model import Digest, Entry, RedirectRule
from portico.store import manifest

NOWHERE = "/portico-probe/no-such-page"
"""Asked for now and then to see the site's 404 page."""
NO_PAGE = "/-/"
"""What lies below is for the replicas themselves, as the schemas of forms: nobody is answered with it."""
_NOW_AND_THEN = 5
_MOST_SUSPECTS = 4
_MOST_SHARDS = 64
_PLACEHOLDER = re.compile(r"\*|:[A-Za-z]\w*")


@dataclass(slots=True)
class Rota:
    """One target's turn through the paths in the order of their hashes, from snapshot to snapshot."""

    first: tuple[str, ...]
    lot: int
    _suspects: dict[str, None] = field(default_factory=dict)
    _behind: bytes = b""
    _turn: int = 0

    def pages(self, root: manifest.Root, shard: Callable[[Digest], Mapping[str, Entry]]) -> list[str]:
        """Each once. `shard` gives the entries of one of the root's shards."""
        others = itertools.islice(self._others(root, shard), self.lot)
        nowhere = [] if self._turn % _NOW_AND_THEN else [NOWHERE]
        asked = (*self.first, *self._suspects, *self._redirect(root), *nowhere, *others)
        self._turn += 1
        return list(dict.fromkeys(asked))

    def suspect(self, bad: tuple[str, ...]) -> None:
        """Look at these again the next time, until they are right."""
        self._suspects = dict.fromkeys(bad[:_MOST_SUSPECTS])

    def _others(self, root: manifest.Root, shard: Callable[[Digest], Mapping[str, Entry]]) -> Iterator[str]:
        bits = manifest.bits_of(len(root.shards)) if root.shards else 0
        first = int.from_bytes(self._behind[:2] or b"\0\0", "big") >> (16 - bits)
        for digest in root.shards[first : first + _MOST_SHARDS]:
            pages = (path for path in shard(digest) if not path.startswith(NO_PAGE))
            hashed = sorted((hashlib.sha256(path.encode()).digest(), path) for path in pages)
            for place, path in hashed:
                if place > self._behind:
                    self._behind = place
                    yield path
        self._behind = b""

    def _redirect(self, root: manifest.Root) -> Iterator[str]:
        """A path that one of the site's redirect rules is meant for, each time another rule's."""
        if root.redirects:
            yield sample(root.redirects[self._turn % len(root.redirects)])


def sample(rule: RedirectRule) -> str:
    """A path that fits the rule's pattern; what it answers is for the manifest to say."""
    return _PLACEHOLDER.sub("portico-probe", rule.pattern)
