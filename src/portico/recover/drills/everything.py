"""Nothing is left behind the edge: what it holds in its cache it goes on answering."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from portico.model import MIRROR
from portico.recover import scene as scenes
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.plan import Target
from portico.recover.scene import Scene

CACHED = 20


class Everything:
    sentence = "kill -9 all replicas and the mirror; visitors ask for cached pages"
    bound_s = 20.0

    @contextlib.contextmanager
    def staged(self, scene: Scene) -> Iterator[tuple[Target, ...]]:
        """Pages that were just asked for, so that the cache holds them."""
        found = scene.pages[:CACHED]
        for page in found:
            scene.visit(page)
        yield scenes.targets(scene, found, through=False)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        yield from parts.killed(scene, notes, (*scene.replicas(), MIRROR))
