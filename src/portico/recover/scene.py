"""The running stack as a drill sees it: what the keeper says, which processes run, what the site holds."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.config.home import Home
from portico.config.load import Config
from portico.edge import runtime
from portico.kit import process, unixsocket
from portico.kit.errors import PorticoError, UnavailableError
from portico.ledger.ledger import Ledger
from portico.model import MIRROR, Digest, Entry
from portico.recover.plan import Target
from portico.store import read, signing
from portico.store.layout import Store
from portico.watch import answer, door, probe
from portico.watch.door import Door

PAGES = 100
LARGEST = 512 * 1024
MISSING = 20
Status = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class Scene:
    """`door` is where visitors knock, `snapshot` what was live at the beginning.

    `pages` are some of its pages, the home page first, the others by lot.
    """

    home: Home
    ledger: Ledger
    clusters: tuple[str, ...]
    door: Door
    snapshot: Digest
    pages: tuple[Page, ...]

    def close(self) -> None:
        self.ledger.close()

    @property
    def status(self) -> Status:
        seen = self.ledger.seen("status")
        return seen[0] if seen else {}

    @property
    def status_at(self) -> float:
        """When the keeper looked last, seconds since the epoch."""
        seen = self.ledger.seen("status")
        return seen[1] if seen else 0.0

    def replicas(self, cluster: str | None = None) -> tuple[str, ...]:
        """The names of the replicas that should run: those of a cluster, or of all of them."""
        return tuple(
            replica["name"]
            for found in self.status["clusters"]
            if cluster in {None, found["name"]}
            for replica in found["replicas"]
        )

    def calmest_cluster(self) -> str:
        """The one whose replicas were restarted least: the keeper waits before it restarts one often."""
        restarts: dict[str, int] = {
            found["name"]: sum(one["restarts"] for one in found["replicas"])
            for found in self.status["clusters"]
        }
        return min(restarts, key=restarts.__getitem__)

    def calmest_replica(self) -> str:
        every = [replica for found in self.status["clusters"] for replica in found["replicas"]]
        return str(min(every, key=lambda replica: replica["restarts"])["name"])

    def process(self, part: str) -> process.Process:
        """The process of edge, keeper, guard, mirror or a replica. Raises UnavailableError."""
        found = process.recall(self.home.record(part))
        if found is None or not found.alive:
            raise UnavailableError(f"{part} doesn't run", where=str(self.home.root), hint="portico status")
        return found

    def pids(self) -> dict[str, int | None]:
        """The processes that serve, by part."""
        parts = ("edge", "keeper", MIRROR, *self.replicas())
        found = {part: process.recall(self.home.record(part)) for part in parts}
        return {part: known.pid if known and known.alive else None for part, known in found.items()}

    def servers(self) -> Mapping[str, runtime.ServerSeen] | None:
        """The replicas as the edge sees them, or None while it doesn't answer."""
        try:
            return runtime.Runtime(self.home.edge_socket, timeout=0.5).servers()
        except PorticoError:
            return None

    def answers(self, replica: str) -> bool:
        try:
            status, _ = unixsocket.get(self.home.replica_socket(replica), "/-/live", timeout=0.5)
        except OSError:
            return False
        return status == 200

    def visit(self, page: Page) -> probe.Seen:
        return probe.outside(self.door, page.path, page.digest, 5)

    def order(self, kind: str, **args: Any) -> int:
        """Give an order and wake the keeper; returns its number."""
        number = self.ledger.order(kind, args, by="drill")
        unixsocket.poke(self.home.keeper_socket)
        return number

    def last_event(self) -> int:
        newest = self.ledger.events(last=1)
        return newest[0].seq if newest else 0


def of(config: Config) -> Scene:
    """The stack in `config.home`. Raises UnavailableError when nothing is served there."""
    ledger = Ledger.existing(config.home.ledger)
    seen = ledger.seen("status")
    if seen is None or not seen[0].get("snapshot"):
        ledger.close()
        raise UnavailableError("nothing is live here", where=str(config.home.root), hint="portico up")
    status = seen[0]
    return Scene(
        home=config.home,
        ledger=ledger,
        clusters=tuple(found["name"] for found in status["clusters"]),
        door=door.own(config.home, config.settings.edge, status["address"]),
        snapshot=status["snapshot"],
        pages=_some_pages(config.home, status),
    )


def troubles(status: Status, age_s: float) -> list[str]:
    """Why this stack is no fit scene for a drill; empty when it is. Pure."""
    if age_s > 5:
        return [f"the keeper's last look is {age_s:.0f} s old"]
    parts = [("the edge", status["edge"]), ("the mirror", status["mirror"])]
    parts += [(one["name"], one) for found in status["clusters"] for one in found["replicas"]]
    off = [f"{name} is {part['state']}" for name, part in parts if part["state"] != "up"]
    drained = [f"cluster {found['name']} is drained" for found in status["clusters"] if found["drained"]]
    critical = [found["sentence"] for found in status["findings"] if found["severity"] == "critical"]
    busy = [f"order {order['id']} ({order['kind']}) is open" for order in status["orders"]]
    return [*off, *drained, *critical, *busy]


def targets(scene: Scene, found: tuple[Page, ...], *, through: bool) -> tuple[Target, ...]:
    """What visitors ask for: pages, which the edge's cache answers after the first time, and with `through`
    as many requests for addresses that aren't there, which the replicas answer each time.
    """
    asked = tuple(Target(page.path, (page.digest,)) for page in found)
    if not through:
        return asked
    missing = f"/portico-drill/{scene.snapshot[:8]}"
    status, digest = _asked_once(scene, missing)
    weight = len(asked) / MISSING
    return (*asked, *(Target(f"{missing}-{number}", digest, status, weight) for number in range(MISSING)))


def _asked_once(scene: Scene, path: str) -> tuple[int, tuple[Digest, ...]]:
    """What the site answers to a visitor who is lost: its own 404 page, as a rule."""
    found = probe.fetch(scene.door, path, 5)
    if found.status >= 500:
        raise UnavailableError(f"{path} was answered with {found.status}", where=scene.door.address)
    return found.status, (answer.digest(found),)


def _some_pages(home: Home, status: Status) -> tuple[Page, ...]:
    snapshot, store = status["snapshot"], Store(home.store(status["clusters"][0]["name"]))
    reader = read.Reader(store, signing.load_public(home.public_key))
    found = [Page(path, entry.digest) for path, entry in reader.entries(snapshot) if _is_page(entry)]
    if not found:
        raise PorticoError("the live snapshot holds no page to ask for")
    found.sort(key=lambda page: (page.path != "/", page.path))
    lot = random.Random(snapshot)  # noqa: S311 - a lot, not a secret
    return (found[0], *lot.sample(found[1:], min(PAGES, len(found) - 1)))


def _is_page(entry: Entry) -> bool:
    html = (entry.header("content-type") or "").startswith("text/html")
    return entry.status == 200 and bool(entry.digest) and html and entry.size <= LARGEST
