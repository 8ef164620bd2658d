"""Visitors send forms without a pause while everything dies in turn: what was acknowledged is there, once."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator

from portico.kit import process, unixsocket
from portico.kit.errors import UnavailableError
from portico.kit.process import Process
from portico.model import FREEZER, RELAY, STUDIO
from portico.recover import entries, fulldisk, standstill
from portico.recover import scene as scenes
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.plan import Target
from portico.recover.posting import Posting
from portico.recover.scene import Scene
from portico.store import read, signing
from portico.store.layout import Store

FORM = "/-/intake/portico-drill"
RATE = 5.0
STOPPED_S = 8.0
"""So long the database is stopped, and the disk is full."""
CALM_S = 1.0
PATIENCE_S = 90.0
SEEN = "intake"

Strike = tuple[str, Callable[[Scene, Notes], Acting]]


class Intake:
    sentence = (
        "send forms while each process in turn is killed with -9, the studio's database is stopped"
        " and a cluster's disk is full"
    )
    bound_s = 420.0
    rounds = 1
    _posting: Posting

    @contextlib.contextmanager
    def staged(self, scene: Scene) -> Iterator[tuple[Target, ...]]:
        _refuse_without_the_form(scene)
        for cluster in scene.clusters:
            fulldisk.uncover(scene.home.intake(cluster))
        self._posting = Posting(scene.door, FORM, RATE)
        try:
            yield scenes.targets(scene, scene.pages[:10], through=False)
        finally:
            self._posting.stop()
            entries.of(scene.home.studio_socket, self._posting.run, forget=True)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        strikes = [strike for _ in range(self.rounds) for strike in self._strikes(scene)]
        notes.strike(f"{self.rounds} times: {', '.join(name for name, _ in self._strikes(scene))}")
        seconds = notes.measured.setdefault("seconds", {})
        self._posting.start()
        for name, strike in strikes:
            before, began = self._posting.acknowledged, time.monotonic()
            yield from strike(scene, notes)
            seconds[name] = round(time.monotonic() - began, 1)
            yield from self._acknowledged_since(before)
        yield from self._delivered(scene, notes)
        notes.healed()
        yield from parts.whole(scene)

    def _strikes(self, scene: Scene) -> list[Strike]:
        cluster = scene.calmest_cluster()
        return [
            ("a replica", lambda scene, notes: _killed(scene, notes, scene.calmest_replica())),
            ("a cluster", lambda scene, notes: _killed(scene, notes, *scene.replicas(cluster))),
            ("the edge", lambda scene, notes: _killed(scene, notes, "edge")),
            ("the keeper", lambda scene, notes: _killed(scene, notes, "keeper")),
            ("the guard", lambda scene, notes: _killed(scene, notes, "guard")),
            ("the relay", lambda scene, notes: _killed(scene, notes, RELAY)),
            ("the freezer", lambda scene, notes: _killed(scene, notes, FREEZER)),
            ("the studio", lambda scene, notes: _killed(scene, notes, STUDIO)),
            ("the studio's children", _childless),
            ("the studio's database", _without_database),
            (f"the disk of cluster {cluster}", lambda scene, notes: _full(scene, notes, cluster)),
        ]

    def _acknowledged_since(self, before: int) -> Acting:
        """Go on when visitors are thanked again."""
        until = time.monotonic() + PATIENCE_S
        while self._posting.acknowledged < before + RATE * CALM_S and time.monotonic() < until:
            yield

    def _delivered(self, scene: Scene, notes: Notes) -> Acting:
        """Send nothing more; wait until each acknowledged post is there, then count."""
        posted = self._posting.stop()
        until = time.monotonic() + PATIENCE_S
        while True:
            tokens = entries.of(scene.home.studio_socket, self._posting.run)
            found = entries.tally(posted, tokens or [])
            if (tokens is not None and not found.lost and not _waiting(scene)) or time.monotonic() > until:
                break
            yield
        notes.measured.update(found.data)
        if found.lost:
            notes.wrong.append(f"{len(found.lost)} acknowledged posts are not in the database")
        if found.twice:
            notes.wrong.append(f"{len(found.twice)} posts are in the database more than once")
        if not found.acknowledged:
            notes.wrong.append("no post was acknowledged at all")


def _refuse_without_the_form(scene: Scene) -> None:
    store = Store(scene.home.store(scene.clusters[0]))
    reader = read.Reader(store, signing.load_public(scene.home.public_key))
    if not any(path == FORM for path, _ in reader.entries(scene.snapshot)):
        raise UnavailableError(
            "the live site has no form that could be drilled",
            where=scene.door.address,
            hint="a contact page of the studio brings one",
        )


def _killed(scene: Scene, notes: Notes, *names: str) -> Acting:
    """Until each is another process, and shows that it works."""
    since = time.time()
    before = {name: scene.process(name) for name in names}
    dying = [one for old in before.values() for one in (old, *_workers(names, old))]
    for victim in before.values():
        process.kill(victim, signal.SIGKILL)
    if "edge" in names:
        while any(one.alive for one in dying):
            yield
        notes.cuts.append(time.time())
    while not all(_is_back(scene, name, old, since) for name, old in before.items()):
        yield
    yield from parts.whole(scene)


def _workers(names: tuple[str, ...], old: Process) -> list[Process]:
    return process.children(old) if "edge" in names else []


def _childless(scene: Scene, _notes: Notes) -> Acting:
    """Both of the studio's children, one after the other; their parent starts them again."""
    for child in process.children(scene.process(STUDIO)):
        process.kill(child, signal.SIGKILL)
        while child.alive:
            yield
        while not _studio_answers(scene):
            yield


def _without_database(scene: Scene, notes: Notes) -> Acting:
    with standstill.database(scene.home, scene.process(STUDIO)) as told:
        notes.measured["database"] = told
        yield from _for(STOPPED_S)


def _full(scene: Scene, notes: Notes, cluster: str) -> Acting:
    with fulldisk.full(scene.home.intake(cluster)) as told:
        notes.measured["disk"] = told
        yield from _for(STOPPED_S)


def _for(seconds: float) -> Acting:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield


def _is_back(scene: Scene, name: str, old: Process, since: float) -> bool:
    new = process.recall(scene.home.record(name))
    if new is None or new == old or not new.alive:
        return False
    if name == "keeper":
        return scene.status_at > since and scene.status.get("keeper", {}).get("pid") == new.pid
    if name == STUDIO:
        return _studio_answers(scene)
    if name == RELAY:
        seen = scene.ledger.seen(SEEN)
        return seen is not None and seen[1] > since
    return name in {"guard", FREEZER, "edge"} or scene.answers(name)


def _studio_answers(scene: Scene) -> bool:
    with contextlib.suppress(OSError):
        return unixsocket.get(scene.home.studio_socket, "/live", timeout=0.5)[0] == 200
    return False


def _waiting(scene: Scene) -> int:
    """Posts in the journals, as the relay sees them now."""
    seen = scene.ledger.seen(SEEN)
    return int(seen[0]["waiting"]) if seen and time.time() - seen[1] < 3 else 1
