"""What a source yields, as values: the freezer knows a site by nothing else."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from portico.kit import canonical
from portico.model import Digest
from portico.snapshot import headers, redirects

ANSWERS = 1
"""Raised whenever the same site would get other answers than before, by policy.py or compose.py."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is published.

    `path` is its canonical URL path, decoded. `name` is what the source calls it; messages and the content
    type go by it. `stamp` changes whenever the bytes may have. An item that isn't `settled` changed so lately
    that its next change might leave the same stamp, so it is read again the next time.
    """

    path: str
    name: str
    stamp: str
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of a source's items since somebody looked: `came` are new or other ones, `gone` paths."""

    came: tuple[Item, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the whole site."""

    headers: headers.Rules = field(default_factory=headers.Rules)
    redirects: redirects.Rules = field(default_factory=redirects.Rules)

    @property
    def id(self) -> Digest:
        """Names everything but the items that answers depend on."""
        lines = sorted((*self.redirects.exact.values(), *self.redirects.dynamic), key=lambda rule: rule.line)
        return canonical.digest(
            canonical.dumps(
                {
                    "answers": ANSWERS,
                    "headers": [asdict(rule) for rule in self.headers.rules],
                    "redirects": [asdict(rule) for rule in lines],
                }
            )
        )
