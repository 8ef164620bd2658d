"""The control loop. A tick: observe, judge, decide, act, record."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from portico.keeper import (
    arrival,
    certify,
    chores,
    chronicle,
    cluster_orders,
    decide,
    edge_config,
    improving,
    jobs,
    judge,
    listen,
    memory,
    observe,
    release_lane,
    room,
    steps,
)
from portico.keeper import wanted as wants
from portico.keeper.hands import Hands
from portico.keeper.orders.move import Situation
from portico.keeper.show import Show
from portico.keeper.stack import Stack
from portico.keeper.status_page import StatusPage
from portico.keeper.wake import Wake
from portico.keeper.wanted import wanted_of
from portico.keeper.watchers import Watchers
from portico.keeper.world import Memory, Wanted, World
from portico.kit import process
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.model import Finding, Order, Severity
from portico.release import procedure

log = logging.getLogger("portico.keeper")

MEETING_S = 2.0
"""So long a new keeper waits for the first answers of what runs, before it judges; a busy machine is slow."""
COLLECT_EVERY_S = 600.0


class Loop:
    """Owns the tick. One keeper a home; the caller holds the lock."""

    def __init__(self, stack: Stack, ledger: Ledger, sockets: listen.Sockets | None) -> None:
        self._stack = stack
        self._ledger = ledger
        self._wake = Wake(stack.home.keeper_socket)
        self._hands = Hands(stack, ledger, sockets)
        self._observer = observe.Observer(stack, Watchers(self._wake.now))
        self._release = release_lane.ReleaseLane(stack, ledger, self._hands, self._wake.now)
        self._chores = chores.Chores(self._hands.act, self._wake.now)
        known = ledger.seen("memory")
        self._memory = memory.load(known[0] if known else None)
        self._troubles: dict[str, Finding] = {}
        self._show = Show(stack, ledger)
        self._room = room.Room(stack.home, ledger)
        self._chronicle = chronicle.Chronicle(ledger)
        self._improving = improving.Improving(stack, ledger)
        self._certifier = certify.Certifier(stack, ledger)
        self._status_page = StatusPage(stack, ledger)
        self._collected, self._collected_at = 0, float("-inf")
        self.stopped = False

    def run(self) -> None:
        """Tick until an order takes the stack down."""
        try:
            self.adopt()
            while not self.stopped:
                self._live()
                if not self.stopped:
                    self._wake.wait(self._stack.settings.keeper.tick_ms / 1000)
        except SystemExit:
            with contextlib.suppress(sqlite3.Error):
                self._ledger.record("keeper.stopped", "keeper")
            raise

    def _live(self) -> None:
        """A tick; a full disk ends no keeper."""
        try:
            self.tick()
            self._room.look()
        except sqlite3.Error as error:
            self._room.make(error)
            self._beat()

    def run_once(self, patience_s: float) -> bool:
        """Tick until nothing is left to do; whether that was reached in `patience_s` seconds."""
        self.adopt()
        self._ledger.record("keeper.stopped", "keeper")
        deadline = time.monotonic() + patience_s
        while not self.stopped and time.monotonic() < deadline:
            if not self.tick() and self._chores.idle and not self._ledger.open_orders():
                return True
            self._wake.wait(0.1)
        return self.stopped

    def adopt(self) -> None:
        """Take over what runs; bring the edge's configuration up to the settings, seamlessly."""
        edge = process.recall(self._stack.home.record("edge"))
        arrival.note(self._ledger, edge_runs=bool(edge and edge.alive))
        self._ledger.record("keeper.started", "keeper", pid=os.getpid())
        text = edge_config.text(self._stack, self._ledger.wanted())
        if edge and edge.alive and text != _read(self._stack.home.edge / "haproxy.cfg"):
            self._try("edge-config", lambda: self._hands.install_edge(text))
        self._observer.meet(MEETING_S)

    def tick(self) -> list[steps.Step]:
        """One look and what follows from it; returns the steps that were due."""
        began = time.monotonic()
        process.reap()
        world = self._observer.look(time.time())
        wanted = wanted_of(self._stack.settings.clusters, self._ledger.wanted())
        due = decide.decide(world, wanted, self._memory, soak_s=self._stack.settings.keeper.soak_s)
        self._act(due, world.now)
        self._chronicle.note(world)
        orders = self._ledger.open_orders()
        self._obey(orders, world, wanted)
        self._find(world, wanted, due)
        if not self.stopped:
            self._status_page.look(world, wanted.snapshot)
            self._improving.look(wanted.snapshot, busy=bool(orders))
            self._show.show(world, wanted, self._memory, (time.monotonic() - began) * 1000)
            self._watch(world)
            self._beat()
        return due

    def _act(self, due: Sequence[steps.Step], now: float) -> None:
        known = self._memory
        for step in due:
            if isinstance(step, steps.CHORES):
                self._chores.begin(step)
            else:
                self._try(type(step).__name__, partial(self._hands.act, step))
            known = memory.after(known, step, now)
        self._remember(known)

    def _remember(self, known: Memory) -> None:
        if known is not self._memory:
            self._memory = known
            self._ledger.see("memory", memory.dump(known))

    def _try(self, what: str, act: Callable[[], object]) -> None:
        """Do it; a failure becomes a finding that stays until the same thing succeeds."""
        key = f"step-failed:{what}"
        try:
            act()
        except (PorticoError, OSError) as error:
            if key not in self._troubles:
                log.exception("%s failed", what)
            self._troubles[key] = Finding(key, Severity.CRITICAL, f"{what} failed: {error}")
        else:
            self._troubles.pop(key, None)

    def _obey(self, orders: list[Order], world: World, wanted: Wanted) -> None:
        if down := next((order for order in orders if order.kind == "down"), None):
            self._ledger.take(down)
            self._hands.stop_all()
            self._ledger.settle(down, "done")
            self.stopped = True
            return
        self._release.tick(orders, world)
        if not orders:
            self._collect()
        others = [order for order in orders if order.kind not in procedure.KINDS]
        for order in cluster_orders.next_ones(others):
            self._move_cluster_order(order, world, wanted)

    def _collect(self) -> None:
        """After releases, but not after each: a sweep costs as much as the site is large."""
        released, now = self._release.released, time.monotonic()
        if released != self._collected and now - self._collected_at >= COLLECT_EVERY_S:
            self._collected, self._collected_at = released, now
            self._chores.begin(steps.CollectGarbage())

    def _move_cluster_order(self, order: Order, world: World, wanted: Wanted) -> None:
        if order.state == "waiting" and not self._ledger.take(order):
            return
        progress = self._ledger.progress(order.id)
        move = cluster_orders.advance(order, progress, self._situation(world, wanted))
        self._act(move.steps, world.now)
        if move.touched and "action" in order.args:
            self._remember(memory.touched(self._memory, move.touched, world.now))
        with self._ledger.writing():
            for key, value in move.want.items():
                self._ledger.want(key, value)
            if dict(move.progress) != progress:
                self._ledger.advance(order.id, move.progress)
            if move.why:
                self._ledger.settle(order, "failed", why=move.why, hint=move.hint)
            elif move.done:
                self._ledger.settle(order, "done", seconds=round(time.time() - order.at, 3), **move.result)
        if move.want:
            self._wake.now()

    def _situation(self, world: World, wanted: Wanted) -> Situation:
        settings = self._stack.settings
        said = self._ledger.seen(jobs.KEY)
        return Situation(
            world,
            wanted,
            settings.keeper.soak_s,
            settings.clusters.max_replicas,
            touched=self._memory.touched,
            job=said[0] if said else {},
            barred=wants.barred(self._ledger.wanted()),
        )

    def _find(self, world: World, wanted: Wanted, due: Sequence[steps.Step]) -> None:
        found = judge.findings(world, wanted, self._memory)
        late = judge.mirror_behind(self._show.mirror_age_s(world, wanted))
        chores_failed = {finding.key: finding for finding in self._chores.findings(list(due))}
        self._try("certificate", partial(self._certifier.look, edge_answers=world.edge.servers is not None))
        others = {**self._certifier.found, **self._troubles, **chores_failed}
        self._ledger.reconcile_findings({**found, **late, **others})

    def _beat(self) -> None:
        """Show the guard that this process isn't hung."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self._stack.home.record("keeper"))

    def _watch(self, world: World) -> None:
        pids = [seen.pid for seen in world.replicas.values() if seen.alive and seen.pid]
        edge = [world.edge.pid] if world.edge.alive and world.edge.pid else []
        others = [*edge, *(one.pid for one in world.helpers.values() if one.alive and one.pid)]
        self._wake.watch([*pids, *others])


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
