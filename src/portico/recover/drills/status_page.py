"""Both clusters are dead, and stay so a while: the status page is served and goes on telling the truth."""

from __future__ import annotations

import contextlib
import json
import signal
import time
from collections.abc import Iterator, Mapping
from http import client
from typing import Any
from urllib.parse import urlsplit

from portico.kit import process
from portico.kit.errors import UnavailableError
from portico.recover import scene as scenes
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.plan import Target
from portico.recover.scene import Scene
from portico.watch import answer, probe
from portico.watch.collect import status_page
from portico.watch.door import Door

DATA = "/status.json"
ASKED = ("/", DATA, "/history/", "/feed.atom")
CACHED = 20
LOOK_S = 0.25
"""Each look is a handshake; at every pause of a drill they would take half a core from the player."""


class StatusPage:
    sentence = "kill -9 both clusters again and again until the status page was renewed without them"
    bound_s = 120.0
    _door: Door

    @contextlib.contextmanager
    def staged(self, scene: Scene) -> Iterator[tuple[Target, ...]]:
        """Visitors ask for the status page and for the site, one as often as the other."""
        seen = scene.ledger.seen(status_page.SEEN)
        if seen is None:
            raise UnavailableError("no status page was published here", hint="status_page/enabled")
        address = seen[0]["address"]
        self._door = Door(address, scene.door.trusted, scene.door.at)
        host, weight = urlsplit(address).netloc, CACHED / len(ASKED)
        asked = [Target(path, host=host, weight=weight) for path in ASKED]
        yield (*scenes.targets(scene, scene.pages[:CACHED], through=False), *asked)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        before = {name: scene.process(name) for name in scene.replicas()}
        notes.strike("kill -9 every replica of every cluster, again and again", hit=before)
        struck, oldest = time.time(), 0.0
        while True:
            yield from _dead(scene, LOOK_S)
            told = self._told()
            oldest = max(oldest, time.time() - told.get("at", struck))
            if told.get("at", 0) > struck and not told["takes_posts"] and notes.ejected_at:
                break
        notes.measured["renewed_without_clusters_s"] = round(time.time() - struck, 3)
        notes.measured["oldest_page_s"] = round(oldest, 1)
        notes.measured["headline_meanwhile"] = told["state"]
        self._check_mirror(scene, notes)
        whole = time.time()
        yield from parts.back(scene, notes, before)
        while not self._told().get("takes_posts"):
            yield from _paused(LOOK_S)
        notes.measured["told_whole_after_s"] = round(time.time() - whole, 3)

    def _told(self) -> Mapping[str, Any]:
        """What a visitor reads; nothing where he gets no answer, which the load counts."""
        try:
            found = probe.fetch(self._door, DATA, 2)
            data = answer.raw(found.body, found.headers.get("content-encoding", ""))
            return dict(json.loads(data)) if found.status == 200 else {}
        except (OSError, client.HTTPException, ValueError):
            return {}

    def _check_mirror(self, scene: Scene, notes: Notes) -> None:
        """What is live is served by no other than the mirror."""
        seen = scene.ledger.seen(status_page.SEEN)
        if seen is None or "mirror" in seen[0]["lacking"]:
            notes.wrong.append("the mirror lacks the status page that is live")
        if up := [name for name in scene.replicas() if scene.answers(name)]:
            notes.wrong.append(f"{', '.join(up)} answered meanwhile")


def _paused(seconds: float) -> Acting:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield


def _dead(scene: Scene, seconds: float) -> Acting:
    """Whatever the keeper starts again meanwhile."""
    until = time.monotonic() + seconds
    while True:
        _kill(scene)
        yield
        if time.monotonic() >= until:
            return


def _kill(scene: Scene) -> None:
    for name in scene.replicas():
        known = process.recall(scene.home.record(name))
        if known and known.alive:
            process.kill(known, signal.SIGKILL)
