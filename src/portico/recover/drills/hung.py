"""A replica hangs: it accepts connections and answers nothing."""

from __future__ import annotations

import signal

from portico.kit import process
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.scene import Scene


class HungReplica:
    sentence = "SIGSTOP one replica, which then accepts connections and answers nothing"
    bound_s = 25.0
    staged = staticmethod(parts.usual)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        name = scene.calmest_replica()
        victim = scene.process(name)
        notes.strike(f"kill -STOP {name}", hit=[name])
        process.kill(victim, signal.SIGSTOP)
        try:
            yield from parts.back(scene, notes, {name: victim})
        finally:
            process.kill(victim, signal.SIGCONT)
