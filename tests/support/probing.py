"""A real edge before servers that may lie, with stores, a ledger and all else that probes are told of."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portico.config.models import Settings
from portico.edge import livemap
from portico.ledger.ledger import Ledger
from portico.model import Digest, Entry
from portico.replica.answers import refusal
from portico.store import read
from portico.store.layout import Store
from portico.watch.probes import targets
from portico.watch.probes.expected import Expectations
from portico.watch.probes.looks import Outcome
from portico.watch.watched import Watched
from support import edging, snapshots, tinyhttp

STORES = ("a", "b", "mirror")
WORDS = b"".join(b"<p>Sentence number %d of the company.</p>\n" % number for number in range(40))
WELCOME = b"<!doctype html><title>Welcome</title><h1>Welcome</h1>\n" + WORDS
HTML = "text/html; charset=utf-8"
SITE: Mapping[str, Any] = {
    "/": (HTML, WELCOME),
    "/about": (HTML, b"<h1>About us</h1>" + WORDS),
    "/old": snapshots.redirect("/about"),
    "/404.html": (HTML, b"<h1>No such page</h1>" + WORDS),
}
Lie = Callable[[str, str], tuple[int, bytes, list[str]] | None]
"""From server and path to status, body and headers; None tells the truth."""


def site(**pages: bytes) -> dict[str, Any]:
    """The site with other pages; `home` is `/`."""
    changed = {"/" if name == "home" else f"/{name}": (HTML, body) for name, body in pages.items()}
    return {**SITE, **changed}


@dataclass
class Stage:
    """`publish` and `flip` do what the keeper does; `lie` is what the servers answer instead of the truth."""

    watched: Watched
    keys: snapshots.Keys
    edge: edging.Edge | None = None
    lie: Lie = lambda _server, _path: None
    readers: dict[str, read.Reader] = field(default_factory=dict)

    def freeze(self, pages: Mapping[str, Any], **more: Any) -> Digest:
        """Into the origin and all stores."""
        home, made = self.watched.home, set[Digest]()
        for place in (home.origin, *(home.store(name) for name in STORES)):
            made.add(
                snapshots.build(
                    Store(place).create(), self.keys.private, pages, not_found=("/404.html",), **more
                )
            )
        return made.pop()

    def publish(self, pages: Mapping[str, Any], **more: Any) -> Digest:
        snapshot = self.freeze(pages, **more)
        self.want(snapshot)
        self.flip(snapshot)
        return snapshot

    def want(self, snapshot: Digest) -> None:
        self.watched.ledger.want("snapshot", snapshot)

    def flip(self, snapshot: Digest) -> None:
        livemap.write(self.watched.home.root, snapshot)
        if self.edge and self.edge.process:
            self.edge.runtime.flip(snapshot)

    def long_ago(self) -> None:
        """The last flip is over for long, so that nothing is excused by it."""
        self.watched.ledger.put("UPDATE wanted SET at = at - 3600 WHERE key = 'snapshot'")

    def look(self, target: str) -> Outcome | None:
        return self.target(target).look()

    def target(self, name: str) -> targets.Target:
        known = targets.of_stack(self.watched, Expectations(self.watched))
        return next(target for target in known if target.name == name)

    async def answer(self, server: str, asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        snapshot, path = asked.path[1:65], asked.path[65:]
        lie = self.lie(server, path)
        status, body, headers = lie or self._truth(server, snapshot, path)
        tinyhttp.say(writer, body, status, *headers)

    def _truth(self, server: str, snapshot: Digest, path: str) -> tuple[int, bytes, list[str]]:
        reader = self.readers[server]
        try:
            entry = reader.lookup(snapshot, path)
        except read.UnknownSnapshotError:
            return 503, b"not here", []
        missing = entry is None
        entry = entry or reader.lookup(snapshot, "/404.html")
        if entry is None:
            return 404, refusal(404).data, []
        return 404 if missing else entry.status, _body(reader, entry), _headers(entry)


def _body(reader: read.Reader, entry: Entry) -> bytes:
    return read.body(reader.store, entry.digest) if entry.digest else b""


def _headers(entry: Entry) -> list[str]:
    return [f"{name}: {value}" for name, value in entry.headers]


def settings(**sections: Any) -> Settings:
    """A look has the longest time: no test here is about slow answers."""
    probes = {"timeout_s": 60, **sections.pop("probes", {})}
    return Settings.model_validate({"probes": probes, **sections})


@contextlib.contextmanager
def watched(root: Path, told: Settings | None = None) -> Iterator[tuple[Watched, snapshots.Keys]]:
    """A home with keys and a ledger; nothing runs and nothing was published."""
    keys = snapshots.keys(root)
    ledger = Ledger(root / "ledger.db")
    made = edging.Home(root).create()
    try:
        yield Watched(made, told or settings(), None, ledger, keys.public), keys
    finally:
        ledger.close()


@contextlib.contextmanager
def stage(root: Path, told: Settings | None = None) -> Iterator[Stage]:
    """A running HAProxy with the site published, in front of one server for each store."""
    with contextlib.ExitStack() as held:
        edge = held.enter_context(edging.prepared(root))
        known, keys = held.enter_context(watched(root, told))
        made = Stage(known, keys, edge)
        made.readers = {
            name: read.Reader(Store(known.home.store(name)).create(), keys.public) for name in STORES
        }
        made.publish(SITE)
        made.long_ago()
        for name, server in zip(STORES, ("a1", "b1", "mirror"), strict=True):
            held.enter_context(_serving(made, name, known.home.replica_socket(server)))
        edge.start()
        address = {"address": f"https://localhost:{edge.https_port}/", "http": _plain(edge)}
        known.ledger.see("status", address)
        edging.until(lambda: _all_up(edge), "the servers to be up")
        yield made


def _plain(edge: edging.Edge) -> str:
    return f"http://localhost:{edge.http_port}/"


def _all_up(edge: edging.Edge) -> bool:
    return all(server.up for server in edge.runtime.servers().values())


@contextlib.contextmanager
def _serving(made: Stage, name: str, socket: Path) -> Iterator[None]:
    async def handler(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/-/ready":
            tinyhttp.say(writer, b"{}")
            return
        await made.answer(name, asked, writer)

    with tinyhttp.serving(handler, unix=socket):
        yield
