"""A world in memory that obeys the keeper's steps, for properties over random schedules of failures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from portico.config.models import Clusters
from portico.keeper import memory, steps
from portico.keeper.cluster_orders import advance, next_ones
from portico.keeper.decide import decide
from portico.keeper.orders.move import Situation
from portico.keeper.wanted import wanted_of
from portico.keeper.world import EdgeSeen, Memory, ReplicaSeen, ServerSeen, World
from portico.model import MIRROR, Order

SOAK_S = 10.0
LIVE = "1" * 64


@dataclass
class Sim:
    """`boot_s` is how long a started replica takes to its first answer, `job_s` how long a repair takes."""

    clusters: Clusters = field(default_factory=lambda: Clusters(replicas=2, max_replicas=4))
    now: float = 1000.0
    boot_s: float = 0.5
    remembered: dict = field(default_factory=lambda: {"snapshot": LIVE})
    memory: Memory = field(default_factory=Memory)
    replicas: dict[str, ReplicaSeen] = field(default_factory=dict)
    started: dict[str, float] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    admin: dict[str, str] = field(default_factory=dict)
    edge_alive: bool = False
    edge_live: str | None = None
    shield: bool = False
    reloads: int = 0
    job_s: float = 2.0
    working: dict[steps.Step, float] = field(default_factory=dict)
    job: dict = field(default_factory=dict)
    jobs_begun: int = 0
    orders: list[Order] = field(default_factory=list)
    progress: dict[int, dict] = field(default_factory=dict)
    settled: dict[int, str] = field(default_factory=dict)
    taken: list[tuple[float, steps.Step, World]] = field(default_factory=list)
    pid: int = 1

    def __post_init__(self) -> None:
        names = [f"{c}{n}" for c in self.clusters.names for n in range(1, self.clusters.max_replicas + 1)]
        self.admin = dict.fromkeys(names, "maint")

    # failures

    def die(self, name: str) -> None:
        if name in self.replicas:
            self.replicas[name] = replace(self.replicas[name], alive=False)

    def hang(self, name: str) -> None:
        self.stopped.add(name)

    def wake(self, name: str) -> None:
        self.stopped.discard(name)

    def kill_edge(self) -> None:
        self.edge_alive = False

    def kill_keeper(self) -> None:
        """What the keeper remembers goes through its dump; nothing else survives."""
        self.memory = memory.load(memory.dump(self.memory))
        self.working.clear()

    def order(self, kind: str, *, by: str = "test", **args: object) -> int:
        number = len(self.orders) + 1
        self.orders.append(Order(number, self.now, kind, args, by, "waiting"))
        return number

    # the loop

    def world(self) -> World:
        for name, seen in self.replicas.items():
            self.replicas[name] = self._as_heard(name, seen)
        servers = {name: ServerSeen(self._up(name), admin) for name, admin in self.admin.items()}
        edge = EdgeSeen(
            1,
            alive=self.edge_alive,
            servers=servers if self.edge_alive else None,
            live=self.edge_live,
            shield=self.shield if self.edge_alive else None,
        )
        return World(self.now, dict(self.replicas), edge)

    def _as_heard(self, name: str, seen: ReplicaSeen) -> ReplicaSeen:
        since = self.now - self.started[name]
        if not seen.alive:
            return replace(seen, answered=False, silent_s=0.0)
        if name in self.stopped:
            return replace(seen, silent_s=seen.silent_s + 0.25)
        if since < self.boot_s:
            return replace(seen, answered=False, silent_s=since)
        return replace(seen, answered=True, silent_s=0.0, snapshots=(LIVE,))

    def _up(self, name: str) -> bool:
        seen = self.replicas.get(name)
        return bool(seen and seen.answers and name not in self.stopped)

    def tick(self, seconds: float = 0.25) -> list[steps.Step]:
        self.now += seconds
        world = self.world()
        wanted = wanted_of(self.clusters, self.remembered)
        due = decide(world, wanted, self.memory, soak_s=SOAK_S)
        for step in due:
            self._take(step, world)
        self._work()
        for order in next_ones([order for order in self.orders if order.id not in self.settled]):
            self._obey(order, world, wanted)
        return due

    def _work(self) -> None:
        for step, began in list(self.working.items()):
            if self.now - began >= self.job_s:
                del self.working[step]
                self.job = {"order": step.order, "ended": True, "result": {"repaired": 1}}

    def run(self, seconds: float) -> None:
        for _ in range(int(seconds * 4)):
            self.tick()

    def settle(self, most_s: float = 300.0) -> list[steps.Step]:
        """Tick until nothing is due and no order is open; what was still due at the end of patience."""
        due: list[steps.Step] = []
        quiet = 0
        for _ in range(int(most_s * 4)):
            due = self.tick()
            booted = all(seen.answers for seen in self.replicas.values() if seen.alive)
            settled = all(order.id in self.settled for order in self.orders)
            quiet = quiet + 1 if not due and settled and booted else 0
            if quiet > 4:
                return []
        return due

    def _obey(self, order: Order, world: World, wanted) -> None:
        most = self.clusters.max_replicas
        now = Situation(world, wanted, SOAK_S, most, touched=self.memory.touched, job=self.job)
        move = advance(order, self.progress.get(order.id, {}), now)
        for step in move.steps:
            self._take(step, world)
        if move.touched and "action" in order.args:
            self.memory = memory.touched(self.memory, move.touched, self.now)
        self.remembered.update(move.want)
        self.progress[order.id] = dict(move.progress)
        if move.why or move.done:
            self.settled[order.id] = move.why or "done"

    def _take(self, step: steps.Step, world: World) -> None:
        self.taken.append((self.now, step, world))
        self.memory = memory.after(self.memory, step, self.now)
        match step:
            case steps.StartReplica(name=name, cluster=cluster):
                self.pid += 1
                self.stopped.discard(name)
                self.started[name] = self.now
                self.replicas[name] = ReplicaSeen(name, cluster, self.pid, alive=True)
            case steps.KillReplica(name=name):
                self.die(name)
                self.stopped.discard(name)
            case steps.StopReplica(name=name):
                self.replicas.pop(name)
            case steps.StartEdge():
                self.edge_alive, self.edge_live = True, self.remembered["snapshot"]
            case steps.SetServer(name=name, admin=admin):
                self.admin[name] = admin
            case steps.SetShield(on=on):
                self.shield = on
                if not on:
                    self.remembered["shield"] = 0.0
            case steps.ReloadEdge():
                self.reloads += 1
            case steps.RepairStore() if step not in self.working:
                self.working[step] = self.now
                self.jobs_begun += 1
            case steps.PointEdge(snapshot=snapshot):
                self.edge_live = snapshot

    def serving(self) -> list[str]:
        world = self.world()
        return [name for name in self.admin if world.serves(name)]

    def names(self) -> list[str]:
        return [*self.admin, MIRROR]
