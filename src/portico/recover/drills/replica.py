"""One replica dies."""

from __future__ import annotations

from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.scene import Scene


class Replica:
    sentence = "kill -9 one replica"
    bound_s = 10.0
    staged = staticmethod(parts.usual)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        yield from parts.killed(scene, notes, [scene.calmest_replica()])
