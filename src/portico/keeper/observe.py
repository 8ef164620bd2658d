"""One look at the world: processes, what the watchers heard, what the edge says."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field

from portico.cluster import local
from portico.edge import runtime, shield
from portico.keeper import listen
from portico.keeper.stack import Stack
from portico.keeper.watchers import Watchers
from portico.keeper.world import WATCHER, EdgeSeen, ReplicaSeen, ServerSeen, WatcherSeen, World
from portico.kit import process
from portico.kit.errors import UnavailableError

STALLED_S = 0.5
"""So much longer than a tick's pause without a look, and the keeper itself was stopped, or starved."""


@dataclass(slots=True)
class Observer:
    """`looked` and `edge_answered` are the monotonic times of the last look and of the edge's last answer.

    `beat` is the watcher's last sign of life as its record tells it, and `beaten` when that was first seen.
    """

    stack: Stack
    watchers: Watchers
    edge_pid: int | None = None
    edge_answered: float = 0.0
    looked: float = field(default_factory=time.monotonic)
    beat: int = 0
    beaten: float = field(default_factory=time.monotonic)
    excused: bool = False

    def look(self, now: float) -> World:
        self._excuse_if_stalled()
        replicas = {seen.name: seen for seen in self._replicas()}
        self.watchers.keep_only(name for name, seen in replicas.items() if seen.alive)
        guard = process.recall(self.stack.home.record("guard"))
        guarded = listen.activated() or bool(guard and guard.alive)
        return World(now, replicas, self._edge(), guard_alive=guarded, watcher=self._watcher())

    def meet(self, patience_s: float) -> None:
        """Let the replicas that run answer a first time, so that a new keeper takes none of them for dead."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if all(seen.answered for seen in self._replicas() if seen.alive):
                return
            time.sleep(0.02)

    def _excuse_if_stalled(self) -> None:
        """Once, not twice in a row: a keeper that is always late still sees who hangs."""
        moment = time.monotonic()
        late = moment - self.looked > self.stack.settings.keeper.tick_ms / 1000 + STALLED_S
        self.excused = late and not self.excused
        if self.excused:
            self.watchers.excuse()
            self.edge_answered = self.beaten = moment
        self.looked = moment

    def _replicas(self) -> list[ReplicaSeen]:
        names = local.recorded(self.stack.home)
        return [self._replica(name, local.cluster_of(name)) for name in names]

    def _replica(self, name: str, cluster: str) -> ReplicaSeen:
        running = local.recall(self.stack.home, name)
        if running is None or not running.alive:
            return ReplicaSeen(name, cluster, running.pid if running else None)
        heard = self.watchers.hear(name, running.pid, self.stack.home.replica_socket(name))
        return ReplicaSeen(
            name,
            cluster,
            running.pid,
            alive=True,
            answered=heard.answered,
            silent_s=heard.silent_s,
            refused=heard.live.refused if heard.live else (),
            snapshots=heard.live.snapshots if heard.live else (),
        )

    def _watcher(self) -> WatcherSeen | None:
        if not self.stack.settings.watch.enabled:
            return None
        record = self.stack.home.record(WATCHER)
        running = process.recall(record)
        if running is None or not running.alive:
            return WatcherSeen(running.pid if running else None)
        with contextlib.suppress(FileNotFoundError):
            self._hear(record.stat().st_mtime_ns)
        return WatcherSeen(running.pid, alive=True, silent_s=time.monotonic() - self.beaten)

    def _hear(self, beat: int) -> None:
        """The time that passes is this process' own: a clock that was set makes nobody silent."""
        if beat != self.beat:
            self.beat, self.beaten = beat, time.monotonic()

    def _edge(self) -> EdgeSeen:
        running = process.recall(self.stack.home.record("edge"))
        if running is None or not running.alive:
            return EdgeSeen(running.pid if running else None)
        if running.pid != self.edge_pid:
            self.edge_pid, self.edge_answered = running.pid, time.monotonic()
        try:
            api = runtime.Runtime(self.stack.home.edge_socket)
            servers = {
                name: ServerSeen(seen.up, seen.admin, seen.sessions) for name, seen in api.servers().items()
            }
            live = api.live()
            shielded = shield.is_up(api)
        except UnavailableError:
            return EdgeSeen(running.pid, alive=True, silent_s=time.monotonic() - self.edge_answered)
        self.edge_answered = time.monotonic()
        return EdgeSeen(running.pid, alive=True, servers=servers, live=live, shield=shielded)
