"""What differs between two snapshots, at the cost of the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from portico.model import Digest, Entry
from portico.store import read


@dataclass(frozen=True, slots=True)
class Diff:
    """Paths, sorted. Bytes are those of raw bodies that came or went with them.

    `rules` says whether the dynamic redirects or the 404 pages differ.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    bytes_added: int
    bytes_gone: int
    rules: bool

    @property
    def empty(self) -> bool:
        return not (self.added or self.changed or self.gone or self.rules)


def diff(reader: read.Reader, before: Digest, after: Digest) -> Diff:
    """From one snapshot of a store to another. Raises UnknownSnapshotError, CorruptError."""
    old_root, new_root = reader.root(before), reader.root(after)
    added, changed, gone = list[str](), list[str](), list[str]()
    came: dict[Digest, int] = {}
    went: dict[Digest, int] = {}
    for old, new in _differing(reader, old_root.shards, new_root.shards):
        added += new.keys() - old.keys()
        gone += old.keys() - new.keys()
        changed += (path for path in old.keys() & new.keys() if old[path] != new[path])
        _weigh(new, old, came)
        _weigh(old, new, went)
    return Diff(
        added=tuple(sorted(added)),
        changed=tuple(sorted(changed)),
        gone=tuple(sorted(gone)),
        bytes_added=sum(size for digest, size in came.items() if digest not in went),
        bytes_gone=sum(size for digest, size in went.items() if digest not in came),
        rules=(old_root.redirects, old_root.not_found) != (new_root.redirects, new_root.not_found),
    )


def _weigh(here: dict[str, Entry], there: dict[str, Entry], sizes: dict[Digest, int]) -> None:
    for path, entry in here.items():
        other = there.get(path)
        if other is None or other.digest != entry.digest:
            sizes[entry.digest] = entry.size


def _differing(
    reader: read.Reader, old: tuple[Digest, ...], new: tuple[Digest, ...]
) -> Iterator[tuple[dict[str, Entry], dict[str, Entry]]]:
    """The parts of both sites that differ, cut alike: a site that grew has twice or four times the shards."""
    parts = min(len(old), len(new))
    for part in range(parts):
        ours, theirs = _slice(old, part, parts), _slice(new, part, parts)
        if ours != theirs:
            yield _merged(reader, ours), _merged(reader, theirs)


def _slice(shards: tuple[Digest, ...], part: int, parts: int) -> tuple[Digest, ...]:
    width = len(shards) // parts
    return shards[part * width : (part + 1) * width]


def _merged(reader: read.Reader, shards: tuple[Digest, ...]) -> dict[str, Entry]:
    return dict(chain.from_iterable(reader.shard(shard).items() for shard in shards))
