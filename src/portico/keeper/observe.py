"""One look at the world: processes, what the watchers heard, what the edge says."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from portico.cluster import local
from portico.edge import runtime, shield
from portico.keeper import listen
from portico.keeper.helpers import pulses
from portico.keeper.stack import Stack
from portico.keeper.watchers import Watchers
from portico.keeper.world import EdgeSeen, ReplicaSeen, ServerSeen, World
from portico.kit import process
from portico.kit.errors import UnavailableError

STALLED_S = 0.5
"""So much longer than a tick's pause without a look, and the keeper itself was stopped, or starved."""


@dataclass(slots=True)
class Observer:
    """`looked` and `edge_answered` are the monotonic times of the last look and of the edge's last answer."""

    stack: Stack
    watchers: Watchers
    edge_pid: int | None = None
    edge_answered: float = 0.0
    looked: float = field(default_factory=time.monotonic)
    excused: bool = False
    pulses: pulses.Pulses = field(init=False)

    def __post_init__(self) -> None:
        self.pulses = pulses.Pulses(self.stack)

    def look(self, now: float) -> World:
        self._excuse_if_stalled()
        replicas = {seen.name: seen for seen in self._replicas()}
        self.watchers.keep_only(name for name, seen in replicas.items() if seen.alive)
        guard = process.recall(self.stack.home.record("guard"))
        guarded = listen.activated() or bool(guard and guard.alive)
        return World(now, replicas, self._edge(), guard_alive=guarded, helpers=self.pulses.look())

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
            self.pulses.excuse()
            self.edge_answered = moment
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
