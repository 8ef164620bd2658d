"""The posts that wait in all clusters' journals, each once, in the order of their coming."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portico.intake import journal, post
from portico.intake.journal import Journal


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster's journals: what it took, what it keeps for another one, what was put aside."""

    name: str
    folder: Path

    @property
    def posts(self) -> Journal:
        return Journal(self.folder / journal.POSTS)

    @property
    def copies(self) -> Journal:
        return Journal(self.folder / journal.COPIES)

    @property
    def quarantine(self) -> Journal:
        return Journal(self.folder / journal.QUARANTINE)


@dataclass(frozen=True, slots=True)
class Place:
    """A file of a post."""

    journal: Journal
    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One post and all its files: a double click makes several, with names of their own and one key."""

    key: str
    form: str
    received_at: float
    places: tuple[Place, ...]

    def remove(self) -> None:
        for place in self.places:
            place.journal.remove(place.name)

    def put_aside(self) -> None:
        for place in self.places:
            place.journal.quarantine(place.name)


def of(clusters: Sequence[Cluster]) -> list[Waiting]:
    return _merged(kept for cluster in clusters for kept in (cluster.posts, cluster.copies))


def aside(clusters: Sequence[Cluster]) -> list[Waiting]:
    """Those that could not be delivered."""
    return _merged(cluster.quarantine for cluster in clusters)


def _merged(journals: Iterable[Journal]) -> list[Waiting]:
    places: dict[str, list[Place]] = {}
    first: dict[str, str] = {}
    for place, known in _known(journals):
        places.setdefault(known.key, []).append(place)
        first[known.key] = min(first.get(known.key, place.name), place.name)
    found = (post.parse_name(name) for name in sorted(first.values()))
    return [Waiting(one.key, one.form, one.received_at, tuple(places[one.key])) for one in found if one]


def _known(journals: Iterable[Journal]) -> Iterator[tuple[Place, post.Name]]:
    for kept in journals:
        for name in kept.names():
            if known := post.parse_name(name):
                yield Place(kept, name), known
