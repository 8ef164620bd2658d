"""Striking processes and waiting for them to be back: what most drills are made of."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Collection, Iterator, Mapping

from portico.kit import process
from portico.kit.process import Process
from portico.model import MIRROR
from portico.recover import scene as scenes
from portico.recover.notes import Acting, Notes
from portico.recover.plan import Target
from portico.recover.scene import Scene


@contextlib.contextmanager
def usual(scene: Scene) -> Iterator[tuple[Target, ...]]:
    """Visitors ask for pages, and for addresses that only a replica can tell them aren't there."""
    yield scenes.targets(scene, scene.pages, through=True)


def killed(scene: Scene, notes: Notes, replicas: Collection[str]) -> Acting:
    """Kill replicas, and the mirror if it is among them, all at once; wait until all are back."""
    before = {name: scene.process(name) for name in replicas}
    notes.strike(f"kill -9 {' '.join(replicas)}", hit=[name for name in replicas if name != MIRROR])
    for victim in before.values():
        process.kill(victim, signal.SIGKILL)
    yield from back(scene, notes, before)


def back(scene: Scene, notes: Notes, before: Mapping[str, Process]) -> Acting:
    """Wait until each replica has a new process, which answers and which the edge asks again."""
    while not all(_is_back(scene, name, old) for name, old in before.items()):
        yield
    notes.healed()
    yield from whole(scene)


def whole(scene: Scene) -> Acting:
    """Wait until the keeper, looking from now on, finds nothing off."""
    since = time.time()
    while scene.status_at <= since or scenes.troubles(scene.status, time.time() - scene.status_at):
        yield


def _is_back(scene: Scene, name: str, old: Process) -> bool:
    new = process.recall(scene.home.record(name))
    if new is None or new == old or not new.alive:
        return False
    server = (scene.servers() or {}).get(name)
    return bool(server and server.up and server.admin == "ready") and scene.answers(name)
