"""Carries out the steps of a publish or a rollback for the release lane; each may be done twice."""

from __future__ import annotations

import concurrent.futures
import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from portico.config.home import Home
from portico.keeper.stack import Stack
from portico.kit import unixsocket
from portico.kit.errors import IntegrityError, PorticoError
from portico.model import ENCODINGS, MIRROR, Digest, Entry
from portico.store import copy, manifest, read
from portico.store.layout import Store
from portico.watch import probe

WARMED = 64
PROBE_S = 2.0
LONG = 256 * 1024
"""A body above so many bytes is verified once by a replica, not at each answer."""

LONG_S = 60.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page to ask for, and what its body must hash to."""

    path: str
    digest: Digest


def check(stack: Stack, snapshot: Digest, before: Digest | None) -> str:
    """The gate before anything is copied: our signature, readable shards, a home page. Returns a note."""
    origin = Store(stack.home.origin)
    reader = read.Reader(origin, stack.key)
    root = reader.root(snapshot)
    known = _known_shards(reader, before)
    for shard in root.shards:
        if shard not in known:
            manifest.decode_shard(read.body(origin, shard))
    home = reader.lookup(snapshot, "/")
    if root.paths == 0:
        raise PorticoError("the snapshot is empty, nothing was published", hint="look at the source's folder")
    return "" if home and home.status == 200 else "the site has no home page (index.html)"


def bring(stack: Stack, store: str, snapshot: Digest, base: Digest | None) -> str:
    """Copy a snapshot into a store, verified there."""
    target = Store(stack.home.store(store))
    origin = Store(stack.home.origin)
    if _holds(target, origin, snapshot):
        read.read_root(target, snapshot, stack.key)
        return ""
    try:
        copied = copy.snapshot(origin, target, snapshot, stack.key, base=base)
    except read.CorruptError as error:
        _set_aside(origin, snapshot, error.digest)
        raise IntegrityError(
            f"the origin's copy of a body was not what its hash says ({error.digest[:12]}) and is set aside",
            where=error.where,
            hint="publish again: it is written anew from the source",
        ) from error
    return f"{copied.bodies} bodies, {copied.size} bytes"


def _holds(target: Store, origin: Store, snapshot: Digest) -> bool:
    """Whether it is there, and signed as the origin has it: a new signing key signs anew."""
    if not origin.manifest(snapshot).exists():
        return target.manifest(snapshot).exists()
    return target.signed(snapshot, origin.signature(snapshot).read_bytes())


def _set_aside(origin: Store, snapshot: Digest, bad: Digest) -> None:
    """Take a bad body out of the origin, and what names it, so that the next freeze writes all of it anew."""
    root = manifest.decode_root(origin.manifest(snapshot).read_bytes())
    naming = [digest for digest in root.shards if digest != bad and bad in _named_by(origin, digest)]
    origin.remove_snapshot(snapshot)
    aside = origin.root / "refused"
    aside.mkdir(exist_ok=True)
    for path in (origin.body(digest, encoding) for digest in (bad, *naming) for encoding in ("", *ENCODINGS)):
        if path.exists():
            path.replace(aside / path.name)


def _named_by(origin: Store, shard: Digest) -> set[Digest]:
    return {entry.digest for entry in manifest.decode_shard(read.body(origin, shard)).values()}


def warm(stack: Stack, snapshot: Digest, before: Digest | None) -> str:
    """Bring the home page and the first changed pages into the edge's cache, before visitors ask."""
    _verify_long(stack, snapshot, before)
    pages = list(itertools.islice(_changed_pages(stack, snapshot, before), WARMED))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        missed = sum(pool.map(lambda page: not _warmed(stack.home, snapshot, page), pages))
    return f"{missed} of {len(pages)} pages could not be warmed" if missed else ""


def seen(stack: Stack, snapshot: Digest, cluster: str | None, *, serving: bool = True) -> str:
    """Ask as a visitor does: through the edge at one cluster, or (None) at the public address."""
    if not serving:
        return f"not seen in cluster {cluster}: it serves nobody now"
    page = _home_page(stack, snapshot)
    if page is None:
        return "there is no page to look at"
    if cluster is None:
        answer = probe.outside(stack.door, page.path, page.digest, PROBE_S)
    else:
        socket = stack.home.inside_socket
        answer = probe.inside(socket, cluster, snapshot, page.path, page.digest, PROBE_S)
    if not answer.ok:
        where = f"in cluster {cluster}" if cluster else "from outside"
        raise IntegrityError(f"not seen {where}: {answer.why}", where=page.path, temporary=True)
    return ""


def held_everywhere(stack: Stack, clusters: tuple[str, ...]) -> list[Digest]:
    """The snapshots that every store holds."""
    stores = [Store(stack.home.store(name)) for name in (*clusters, MIRROR)]
    origin = Store(stack.home.origin).list_snapshots()
    return [digest for digest in origin if all(store.manifest(digest).exists() for store in stores)]


def touch(home: Home, clusters: tuple[str, ...], snapshot: Digest) -> None:
    """Make the snapshot the newest in every store, so that retained assets are sought from there back."""
    for name in (*clusters, MIRROR):
        Store(home.store(name)).touch(snapshot)
    Store(home.origin).touch(snapshot)


def base_of(stack: Stack, store: str, before: Digest | None) -> Digest | None:
    """What a copy may build on: the snapshot that was live, where that store really holds it."""
    if before is None:
        return None
    try:
        read.read_root(Store(stack.home.store(store)), before, stack.key)
    except PorticoError:
        return None
    return before


def _known_shards(reader: read.Reader, snapshot: Digest | None) -> frozenset[Digest]:
    try:
        return frozenset(reader.root(snapshot).shards) if snapshot else frozenset()
    except PorticoError:
        return frozenset()


def _home_page(stack: Stack, snapshot: Digest) -> Page | None:
    reader = read.Reader(Store(stack.home.origin), stack.key)
    home = reader.lookup(snapshot, "/")
    if home and home.status == 200 and home.digest:
        return Page("/", home.digest)
    found = ((path, entry) for path, entry in reader.entries(snapshot) if _is_page(entry))
    return next((Page(path, entry.digest) for path, entry in found), None)


def _changed_pages(stack: Stack, snapshot: Digest, before: Digest | None) -> Iterator[Page]:
    if home := _home_page(stack, snapshot):
        yield home
    changed = _changed(stack, snapshot, before)
    yield from (Page(path, entry.digest) for path, entry in changed if _is_page(entry))


def _changed(stack: Stack, snapshot: Digest, before: Digest | None) -> Iterator[tuple[str, Entry]]:
    """The entries of the shards that `before` doesn't have."""
    origin = Store(stack.home.origin)
    reader = read.Reader(origin, stack.key)
    known = _known_shards(reader, before)
    for shard in reader.root(snapshot).shards:
        if shard not in known:
            yield from manifest.decode_shard(read.body(origin, shard)).items()


def _verify_long(stack: Stack, snapshot: Digest, before: Digest | None) -> None:
    """Have each replica verify the new long bodies now: a visitor's first byte must not wait for that."""
    asked = [path for path, entry in _changed(stack, snapshot, before) if entry.size > LONG]
    sockets = sorted(stack.home.run.glob("*/http.sock"))
    for socket, path in itertools.product(sockets, asked):
        with contextlib.suppress(OSError):
            unixsocket.get(
                socket, f"/{snapshot}{quote(path)}", timeout=LONG_S, headers={"range": "bytes=0-0"}
            )


def _is_page(entry: Entry) -> bool:
    return entry.status == 200 and (entry.header("content-type") or "").startswith("text/html")


def _warmed(home: Home, snapshot: Digest, page: Page) -> bool:
    connection = unixsocket.HTTPConnection(home.inside_socket, PROBE_S)
    try:
        headers = {"x-portico-snapshot": snapshot, "accept-encoding": "br"}
        connection.request("GET", quote(page.path), headers=headers)
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return False
    else:
        return answer.status == 200
    finally:
        connection.close()
