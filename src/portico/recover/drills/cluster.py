"""A whole cluster dies at once."""

from __future__ import annotations

from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.scene import Scene


class Cluster:
    sentence = "kill -9 all replicas of one cluster"
    bound_s = 15.0
    staged = staticmethod(parts.usual)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        yield from parts.killed(scene, notes, scene.replicas(scene.calmest_cluster()))
