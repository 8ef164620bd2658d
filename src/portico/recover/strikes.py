"""Alerts that are fired by real damage: each makes it, holds it until the alert was seen, and undoes it.

An alert that is not here is fired by its fixture, which stands in for what is measured.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence

from portico.kit import process
from portico.recover.drills import flipped
from portico.recover.drills.flipped import Rot
from portico.recover.scene import Scene
from portico.store.layout import Store

Strike = Callable[[Scene], contextlib.AbstractContextManager[str]]
"""Entered, it has struck, and says what it did."""


@contextlib.contextmanager
def _stopped(scene: Scene, parts: Sequence[str]) -> Iterator[str]:
    """SIGSTOP, and SIGCONT for those that nobody replaced."""
    victims = [scene.process(part) for part in parts]
    try:
        for victim in victims:
            process.kill(victim, signal.SIGSTOP)
        yield f"kill -STOP {' '.join(parts)}"
    finally:
        for victim in victims:
            process.kill(victim, signal.SIGCONT)


@contextlib.contextmanager
def _killed(scene: Scene, parts: Sequence[str]) -> Iterator[str]:
    for victim in [scene.process(part) for part in parts]:
        process.kill(victim, signal.SIGKILL)
    yield f"kill -9 {' '.join(parts)}"


@contextlib.contextmanager
def _rotten(scene: Scene) -> Iterator[str]:
    """A flipped byte in a page's body, in one cluster's store; the probes at that cluster meet it."""
    page, cluster = scene.pages[0], scene.calmest_cluster()
    rotten = [Rot.of(path) for path in flipped.held(Store(scene.home.store(cluster)), page)]
    try:
        for one in rotten:
            one.spread()
        yield f"flip a byte of {page.path} in the store of cluster {cluster}"
    finally:
        for one in rotten:
            one.cure()


STRIKES: Mapping[str, Strike] = {
    "replica-hung": lambda scene: _stopped(scene, [scene.calmest_replica()]),
    "cluster-down": lambda scene: _killed(scene, scene.replicas(scene.calmest_cluster())),
    "edge-down": lambda scene: _killed(scene, ["edge"]),
    "keeper-down": lambda scene: _stopped(scene, ["keeper"]),
    "body-refused": _rotten,
}
