"""The keeper dies: nobody needs it to be served, and the next one adopts what runs."""

from __future__ import annotations

import signal
import time

from portico.kit import process
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.scene import Scene


class Keeper:
    sentence = "kill -9 the keeper; whatever it kept must run on, adopted and not restarted"
    bound_s = 10.0
    staged = staticmethod(parts.usual)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        keeper, before = scene.process("keeper"), scene.pids()
        notes.strike(f"kill -9 {keeper.pid}, the keeper")
        process.kill(keeper, signal.SIGKILL)
        while scene.status.get("keeper", {}).get("pid") == keeper.pid or scene.status_at < time.time() - 1:
            yield
        notes.healed()
        yield from parts.whole(scene)
        after = scene.pids()
        restarted = [part for part, pid in before.items() if part != "keeper" and after[part] != pid]
        if restarted:
            notes.wrong.append(f"the new keeper restarted what was well: {', '.join(restarted)}")
