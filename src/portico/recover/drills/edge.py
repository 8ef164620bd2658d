"""The edge dies: its listening sockets live on in the guard, so that visitors wait and aren't refused."""

from __future__ import annotations

import signal
import time

from portico.kit import process
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.scene import Scene


class Edge:
    sentence = "kill -9 the edge's master; what was on a killed connection at that moment is cut, not failed"
    bound_s = 10.0
    staged = staticmethod(parts.usual)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        master = scene.process("edge")
        dying = [master, *process.children(master)]
        notes.strike(f"kill -9 {master.pid}, the edge's master")
        process.kill(master, signal.SIGKILL)
        while any(one.alive for one in dying):
            yield
        notes.cuts.append(time.time())
        while (new := process.recall(scene.home.record("edge"))) in {None, master} or not (new and new.alive):
            yield
        while not scene.visit(scene.pages[0]).ok:
            yield
        notes.healed()
        yield from parts.whole(scene)
