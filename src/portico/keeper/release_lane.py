"""Takes publishes and rollbacks from step to step; long steps run beside the tick, the flip in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict

from portico.keeper import hands, publishing
from portico.keeper import wanted as wants
from portico.keeper.orders import guards
from portico.keeper.stack import Stack
from portico.keeper.wanted import wanted_of
from portico.keeper.world import World
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.model import Digest, Order
from portico.release import procedure
from portico.release.procedure import Progress

INTERRUPT = "drill.interrupt"
"""The ledger's wish that the keeper dies right after that step, before it remembers it; drills set it."""

PATIENCE_S = 10.0
"""How long a step that fails for a passing reason is tried again."""

Note = str


class ReleaseLane:
    """`wake` is called, from another thread, when a step has ended."""

    def __init__(self, stack: Stack, ledger: Ledger, acting: hands.Hands, wake: Callable[[], None]) -> None:
        self._stack = stack
        self._ledger = ledger
        self._hands = acting
        self._wake = wake
        self.released = 0
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="release")
        self._running: dict[int, tuple[str, float, Future[Note]]] = {}
        self._tried: dict[tuple[int, str], float] = {}

    def tick(self, orders: list[Order], world: World) -> None:
        """Settle what was overtaken, then move the newest order on as far as it goes without waiting."""
        for older, newer in procedure.overtaken(orders):
            self._running.pop(older.id, None)
            self._ledger.settle(older, "failed", why=f"overtaken by order {newer.id}", hint="")
        releases = [order for order in orders if order.kind in procedure.KINDS]
        if not releases:
            return
        order = releases[-1]
        if refused := guards.stale(order, world.now):
            self._ledger.settle(order, "failed", why=refused.why, hint=refused.hint)
            return
        if order.state == "waiting" and not self._ledger.take(order):
            return
        while self._move(order, world):
            pass

    def _move(self, order: Order, world: World) -> bool:
        """Take note of an ended step and begin the next; False when there is something to wait for."""
        try:
            progress = procedure.load(self._ledger.progress(order.id)) or self._begin(order)
        except PorticoError as error:
            self._ledger.settle(order, "failed", why=error.what, hint=error.hint)
            return False
        running = self._running.get(order.id)
        if running and not running[2].done():
            return False
        if running:
            del self._running[order.id]
            if self._try_again(order, *running):
                return False
            self._advance(order, _outcome(progress, *running), running[0])
            return True
        step = procedure.next_step(order.kind, self._stack.clusters, progress)
        if step is None:
            self._settle(order, progress)
            return False
        if not self._can(step, world) and self._patient(order, step):
            return False
        self._start(order, progress, step, world)
        return True

    def _begin(self, order: Order) -> Progress:
        """Where it goes from where, remembered before anything is done: after the flip it reads otherwise."""
        wanted = self._ledger.wanted()
        live, asked = wanted.get("snapshot"), self._asked(order, wants.barred(wanted))
        clusters = self._stack.clusters
        held = publishing.held_everywhere(self._stack, clusters) if order.kind == procedure.ROLLBACK else []
        if asked is None:
            asked = procedure.last_good(self._lives(), live, held)
        if order.args.get("instead_of", live) != live:
            raise PorticoError(
                "another snapshot went live meanwhile", hint="portico rollback, if it is still bad"
            )
        if asked is None:
            raise PorticoError("there is no other good snapshot to go back to", hint="portico snapshots")
        progress = Progress(asked, before=live, done=procedure.copies(clusters) if asked in held else ())
        self._ledger.advance(order.id, asdict(progress))
        return progress

    def _asked(self, order: Order, barred: dict[Digest, Digest | None]) -> Digest | None:
        """What was taken down is gone for a rollback; a publish that has it again brings it back."""
        asked: Digest | None = order.args.get("snapshot")
        if asked not in barred or asked is None:
            return asked
        if order.kind == procedure.PUBLISH:
            del barred[asked]
            self._ledger.want(wants.BARRED, barred)
            return asked
        if barred[asked] is None:
            what = f"snapshot {asked[:12]} held what was taken down, and is gone"
            raise PorticoError(what, hint="portico snapshots")
        return barred[asked]

    def _lives(self) -> list[Digest]:
        """What was live and was seen to be: a flip that was taken back doesn't count.

        What was taken down since stands there as what replaced it.
        """
        barred = wants.barred(self._ledger.wanted())
        lives = [event.subject for event in self._ledger.events(kind="released")]
        return [now for was in lives if (now := barred.get(was, was))]

    def _try_again(self, order: Order, step: str, _began: float, ended: Future[Note]) -> bool:
        """What may pass by itself, as an edge that is being started, is tried again at the next tick."""
        error = ended.exception()
        return isinstance(error, PorticoError) and error.temporary and self._patient(order, step)

    def _can(self, step: str, world: World) -> bool:
        """Whether the edge and the cluster that the step asks are there; they may be just starting."""
        kind, _, cluster = step.partition(":")
        if kind in {procedure.CHECK, procedure.COPY}:
            return True
        if world.edge.servers is None:
            return False
        if kind in {procedure.FLIP, procedure.BACK}:
            return True
        drained = wanted_of(self._stack.settings.clusters, self._ledger.wanted()).drained
        asked = [name for name in ([cluster] if cluster else self._stack.clusters) if name not in drained]
        return not asked or any(world.healthy(name) for name in asked)

    def _patient(self, order: Order, step: str) -> bool:
        first = self._tried.setdefault((order.id, step), time.monotonic())
        return time.monotonic() - first < PATIENCE_S

    def _start(self, order: Order, progress: Progress, step: str, world: World) -> None:
        work = self._work(order, progress, step, world)
        began = time.monotonic()
        if step in {procedure.FLIP, procedure.BACK}:
            future: Future[Note] = Future()
            try:
                future.set_result(work())
            except (PorticoError, OSError) as error:
                future.set_exception(error)
        else:
            future = self._pool.submit(work)
            future.add_done_callback(lambda _ended: self._wake())
        self._running[order.id] = (step, began, future)

    def _work(self, order: Order, progress: Progress, step: str, world: World) -> Callable[[], Note]:
        stack, snapshot, before = self._stack, progress.snapshot, progress.before
        kind, _, place = step.partition(":")
        serving = not place or world.healthy(place)
        base = publishing.base_of(stack, place, before) if kind == procedure.COPY else None
        work: dict[str, Callable[[], Note]] = {
            procedure.CHECK: lambda: publishing.check(stack, snapshot, before),
            procedure.COPY: lambda: publishing.bring(stack, place, snapshot, base),
            procedure.WARM: lambda: publishing.warm(stack, snapshot, before),
            procedure.FLIP: lambda: self._flip(snapshot, before, order.id),
            procedure.SEEN: lambda: publishing.seen(stack, snapshot, place or None, serving=serving),
            procedure.BACK: lambda: self._flip(before or snapshot, snapshot, order.id),
        }
        return work[kind]

    def _flip(self, snapshot: Digest, before: Digest | None, order: int) -> Note:
        self._hands.flip(snapshot, before, order)
        return ""

    def _advance(self, order: Order, progress: Progress, step: str) -> None:
        if self._ledger.wanted().get(INTERRUPT) == step:
            self._ledger.want(INTERRUPT, None)
            hands.die()
        with self._ledger.writing():
            self._ledger.advance(order.id, asdict(progress))
            seconds = progress.seconds.get(step)
            note = progress.notes.get(step, "")
            if step in progress.done:
                told = {"order": order.id, "step": step, "seconds": seconds, "note": note}
                self._ledger.record("publish.step", progress.snapshot, **told)

    def _settle(self, order: Order, progress: Progress) -> None:
        self._tried = {key: first for key, first in self._tried.items() if key[0] != order.id}
        total = round(time.time() - order.at, 3)
        if progress.why:
            self._ledger.settle(order, "failed", why=progress.why, hint=progress.hint, seconds=total)
            return
        self.released += 1
        with self._ledger.writing():
            self._ledger.record("released", progress.snapshot, before=progress.before, order=order.id)
            self._ledger.settle(
                order,
                "done",
                snapshot=progress.snapshot,
                before=progress.before,
                seconds=total,
                steps=dict(progress.seconds),
                notes=dict(progress.notes),
            )


def _outcome(progress: Progress, step: str, began: float, ended: Future[Note]) -> Progress:
    error, seconds = ended.exception(), time.monotonic() - began
    if error is None:
        return progress.after(step, seconds, ended.result())
    if step == procedure.BACK:
        # It is wanted again already, so healing points the edge there; trying here would stop the tick.
        return progress.after(step, seconds, str(error))
    if isinstance(error, PorticoError):
        return progress.failed(f"{step}: {error.what}", error.hint)
    return progress.failed(f"{step}: {error}")
