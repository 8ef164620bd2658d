"""The manifest's canonical bytes: a signed root that names shards, shards that name bodies.

A path's shard is chosen by its hash, so that changing one page of a hundred thousand rewrites one shard and
the root, and a replica reads the shard it needs, not the site. Equal sites give equal bytes on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import starmap

from portico.kit import canonical
from portico.model import Digest, Entry, Header, RedirectRule

FORMAT = "portico.snapshot/1"
PATHS_PER_SHARD = 64
MOST_BITS = 12


@dataclass(frozen=True, slots=True)
class Root:
    """A snapshot's root manifest. `size` is the sum of the raw bodies of all paths, in bytes.

    `shards` are body digests, in order; their number is a power of two. `not_found` are the paths of the
    site's own 404 pages, the deepest folder first. `redirects` are tried in order.
    """

    shards: tuple[Digest, ...]
    paths: int
    size: int
    not_found: tuple[str, ...] = ()
    redirects: tuple[RedirectRule, ...] = ()

    def shard_of(self, path: str) -> Digest:
        return self.shards[shard_index(path, bits_of(len(self.shards)))]


Shard = Mapping[str, Entry]


def bits_for(paths: int) -> int:
    """How many bits of a path's hash choose its shard, for a site of so many paths."""
    bits = 0
    while bits < MOST_BITS and paths > PATHS_PER_SHARD << bits:
        bits += 1
    return bits


def bits_of(shards: int) -> int:
    return shards.bit_length() - 1


def shard_index(path: str, bits: int) -> int:
    return int.from_bytes(hashlib.sha256(path.encode()).digest()[:2], "big") >> (16 - bits)


def encode_root(root: Root) -> bytes:
    return canonical.dumps(
        {
            "format": FORMAT,
            "shards": root.shards,
            "paths": root.paths,
            "size": root.size,
            "not_found": root.not_found,
            "redirects": [(rule.pattern, rule.target, rule.status) for rule in root.redirects],
        }
    )


def decode_root(data: bytes) -> Root:
    """Raises ValueError on a format that this version doesn't know."""
    fields = json.loads(data)
    if fields.get("format") != FORMAT:
        raise ValueError(f"expected the format {FORMAT}, got {fields.get('format')!r}")
    return Root(
        shards=tuple(fields["shards"]),
        paths=fields["paths"],
        size=fields["size"],
        not_found=tuple(fields["not_found"]),
        redirects=tuple(starmap(RedirectRule, fields["redirects"])),
    )


def encode_shard(entries: Iterable[tuple[str, Entry]]) -> bytes:
    """`entries` in any order. Equal header sets are written once."""
    headers: dict[tuple[Header, ...], int] = {}
    paths = {}
    for path, entry in sorted(entries):
        index = headers.setdefault(entry.headers, len(headers))
        paths[path] = (entry.status, index, entry.digest, entry.size)
    return canonical.dumps({"headers": list(headers), "paths": paths})


def decode_shard(data: bytes) -> dict[str, Entry]:
    fields = json.loads(data)
    headers = [tuple((name, value) for name, value in known) for known in fields["headers"]]
    return {
        path: Entry(status, headers[index], digest, size)
        for path, (status, index, digest, size) in fields["paths"].items()
    }
