"""The only place that changes the world: each step is carried out here and recorded in the ledger."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any

from portico.cluster import local
from portico.edge import livemap, master, render, runtime, shield, validate
from portico.keeper import edge_config, guard, listen, publishing, steps
from portico.keeper import wanted as wants
from portico.keeper.helpers import launching
from portico.keeper.jobs import Jobs
from portico.keeper.stack import Stack
from portico.kit import lock, process
from portico.kit.errors import IntegrityError, PorticoError
from portico.ledger.ledger import Ledger
from portico.model import MIRROR, STATUS, Digest
from portico.snapshot import collect
from portico.store import copy, read
from portico.store.layout import Store, Stored

STOP_GRACE_S = 5.0
EDGE = ("haproxy", "-W", "-S", "unix@run/master.sock", "-f", validate.FILE)


class Hands:
    """Carries out steps. An error of one step is raised to the loop, which tells it and goes on."""

    def __init__(self, stack: Stack, ledger: Ledger, sockets: listen.Sockets | None) -> None:
        self._stack = stack
        self._home = stack.home
        self._ledger = ledger
        self._sockets = sockets
        jobs = Jobs(stack, ledger, self.act)
        self._acts: dict[type, Callable[[Any], None]] = {
            steps.StartReplica: self._start_replica,
            steps.KillReplica: self._kill_replica,
            steps.StopReplica: self._stop_replica,
            steps.StartEdge: self._start_edge,
            steps.KillEdge: self._kill_edge,
            steps.SetServer: self._set_server,
            steps.PointEdge: self._point_edge,
            steps.RepairBody: self._repair_body,
            steps.RefillStore: self._refill_store,
            steps.CollectGarbage: self._collect_garbage,
            steps.SetShield: self._set_shield,
            steps.ReloadEdge: self._reload_edge,
            steps.RepairStore: jobs.repair,
            steps.Renew: jobs.renew,
            steps.FreeDisk: jobs.free_disk,
            steps.TakeDown: jobs.take_down,
            steps.RemoveBarred: jobs.remove_barred,
            steps.StartGuard: self._start_guard,
            steps.StartHelper: lambda step: launching.start(stack, ledger, step.name),
            steps.KillHelper: lambda step: launching.kill(stack, ledger, step.name),
            steps.StartDrill: lambda step: launching.drill(stack, ledger, step),
        }

    def act(self, step: steps.Step) -> None:
        self._acts[type(step)](step)

    def flip(self, snapshot: Digest, before: Digest | None, order: int) -> None:
        """The one flip: wanted first, so that whoever is interrupted after it goes on with it."""
        self._ledger.want("snapshot", snapshot)
        livemap.write(self._home.root, snapshot)
        runtime.Runtime(self._home.edge_socket).flip(snapshot)
        publishing.touch(self._home, self._stack.clusters, snapshot)
        self._ledger.record("live", snapshot, before=before, order=order)

    def stop_all(self) -> None:
        """Take the whole stack down, the door first; the caller, the keeper, ends after it."""
        if known := process.recall(self._home.record("guard")):
            process.stop(known, grace=STOP_GRACE_S)
            self._home.record("guard").unlink(missing_ok=True)
        launching.stop_all(self._stack, grace=STOP_GRACE_S)
        self._stop_edge()
        for name in local.recorded(self._home):
            local.stop(self._home, name, grace=STOP_GRACE_S)
        self._ledger.see("memory", None)
        self._ledger.record("stack.stopped")

    def install_edge(self, text: str) -> None:
        """Swap the edge's configuration in: validated first, then read by a seamless reload."""
        livemap.ensure(self._home.root, STATUS)
        validate.install(text, self._home.root)
        if process.recall(self._home.record("edge")):
            master.reload(self._home.master_socket)
        self._ledger.record("edge.reloaded")

    def _start_replica(self, step: steps.StartReplica) -> None:
        if died := local.recall(self._home, step.name):
            self._ledger.record("replica.died", step.name, pid=died.pid, cluster=step.cluster)
        retain = self._stack.settings.snapshots.keep
        started = local.start(self._home, step.cluster, step.name, retain=retain)
        self._ledger.record("replica.started", step.name, pid=started.pid, cluster=step.cluster)

    def _kill_replica(self, step: steps.KillReplica) -> None:
        self._ledger.record("replica.hung", step.name, cluster=step.cluster)
        local.kill(self._home, step.name)

    def _stop_replica(self, step: steps.StopReplica) -> None:
        local.stop(self._home, step.name, grace=STOP_GRACE_S)
        self._ledger.record("replica.stopped", step.name, cluster=step.cluster)

    def _start_edge(self, _step: steps.StartEdge) -> None:
        died = process.recall(self._home.record("edge"))
        if died:
            self._ledger.record("edge.died", "edge", pid=died.pid)
        process.end_strays(self._home.root, EDGE)
        wanted = self._ledger.wanted()
        livemap.write(self._home.root, wanted.get("snapshot"))
        livemap.ensure(self._home.root, STATUS)
        validate.install(edge_config.text(self._stack, wanted), self._home.root)
        if self._sockets is None:
            self._sockets, _ = listen.bind(self._stack.settings.edge, self._home.ports)
        started = process.spawn(
            EDGE,
            cwd=self._home.root,
            log=self._home.log("edge"),
            env=listen.environment(self._sockets),
            pass_fds=self._sockets.fds,
        )
        process.remember(self._home.record("edge"), started)
        self._ledger.record("edge.started", "edge", pid=started.pid)

    def _kill_edge(self, _step: steps.KillEdge) -> None:
        self._ledger.record("edge.hung", "edge")
        if known := process.recall(self._home.record("edge")):
            for worker in process.children(known):
                process.kill(worker)
            process.kill(known)
            process.wait_gone(known, 2)

    def _stop_edge(self) -> None:
        known = process.recall(self._home.record("edge"))
        if known and known.alive:
            process.kill(known, signal.SIGUSR1)
            if not process.wait_gone(known, STOP_GRACE_S):
                process.stop(known, grace=1)
        self._home.record("edge").unlink(missing_ok=True)

    def _set_server(self, step: steps.SetServer) -> None:
        runtime.Runtime(self._home.edge_socket).set_state(step.name, step.admin)

    def _point_edge(self, step: steps.PointEdge) -> None:
        livemap.write(self._home.root, step.snapshot)
        runtime.Runtime(self._home.edge_socket).flip(step.snapshot)

    def _set_shield(self, step: steps.SetShield) -> None:
        """Written down first, for an edge that is started anew, then told to the one that runs."""
        if not step.on:
            self._ledger.want(wants.SHIELD, 0.0)
        asked = edge_config.spec_of(self._stack, self._ledger.wanted())
        livemap.ensure(self._home.root, STATUS)
        validate.install(render.haproxy_cfg(asked), self._home.root)
        shield.switch(runtime.Runtime(self._home.edge_socket), asked)
        self._ledger.record("shield.raised" if step.on else "shield.lowered", "edge")

    def _reload_edge(self, _step: steps.ReloadEdge) -> None:
        self.install_edge(edge_config.text(self._stack, self._ledger.wanted()))

    def _repair_body(self, step: steps.RepairBody) -> None:
        target = Store(self._home.store(step.cluster))
        if target.manifest(step.digest).exists():
            self._repair_root(target, step)
        else:
            source = self._good_copy(step)
            copy.one(source, target, Stored(step.digest, _size(source, step.digest)))
        self._ledger.record("body.repaired", step.cluster, digest=step.digest)

    def _repair_root(self, target: Store, step: steps.RepairBody) -> None:
        """What was refused is a snapshot's root manifest: take the one that another store can prove."""
        for store in self._other_stores(step.cluster):
            try:
                read.read_root(store, step.digest, self._stack.key)
            except PorticoError:
                continue
            manifest, signature = store.manifest(step.digest), store.signature(step.digest)
            target.put_snapshot(manifest.read_bytes(), signature.read_bytes())
            return
        raise _no_good_copy(step)

    def _refill_store(self, step: steps.RefillStore) -> None:
        Store(self._home.store(step.cluster)).create()
        if copied := publishing.bring(self._stack, step.cluster, step.snapshot, None):
            self._ledger.record("store.refilled", step.cluster, snapshot=step.snapshot, note=copied)

    def _collect_garbage(self, step: steps.CollectGarbage) -> None:
        """Not during a drill: the snapshots that it publishes would push out others."""
        with lock.held(self._home.drill_lock) as calm:
            pass
        if not calm:
            return
        asked = self._stack.settings.snapshots
        rule = collect.Rule(asked.keep, asked.keep_days, self._ledger.wanted().get("snapshot"))
        places = {name: self._home.store(name) for name in (*self._stack.clusters, MIRROR)}
        for name, root in {"origin": self._home.origin, **places}.items():
            store = Store(root)
            held = collect.held_by(store)
            keep = collect.plan(held, rule, time.time())
            if len(keep) == len(held) and not step.thorough:
                continue
            freed = collect.collect(store, keep, self._stack.key)
            if freed.snapshots:
                gone = {"snapshots": len(freed.snapshots), "files": freed.files, "bytes": freed.size}
                self._ledger.record("store.collected", name, **gone)

    def _good_copy(self, step: steps.RepairBody) -> Store:
        """Another cluster's store, the mirror's or the origin, whose copy is what the hash says."""
        for store in self._other_stores(step.cluster):
            try:
                read.verify_file(store, step.digest, "", _size(store, step.digest))
            except PorticoError:
                continue
            return store
        raise _no_good_copy(step)

    def _other_stores(self, cluster: str) -> list[Store]:
        others = [name for name in (*self._stack.clusters, MIRROR) if name != cluster]
        return [*(Store(self._home.store(name)) for name in others), Store(self._home.origin)]

    def _start_guard(self, _step: steps.StartGuard) -> None:
        record = self._home.record("guard")
        if died := process.recall(record):
            self._ledger.record("guard.died", "guard", pid=died.pid)
        started = guard.spawn(self._home, self._stack.config, self._sockets)
        process.remember(record, started)
        self._ledger.record("guard.started", "guard", pid=started.pid)


def _no_good_copy(step: steps.RepairBody) -> IntegrityError:
    return IntegrityError(
        f"no store holds a good copy of {step.digest[:12]}",
        where=f"cluster {step.cluster}",
        hint="portico publish writes it anew from the source",
    )


def _size(store: Store, digest: Digest) -> int:
    try:
        return store.body(digest).stat().st_size
    except OSError:
        return 0


def die() -> None:
    """End this process as a power cut would; drills order it."""
    os.kill(os.getpid(), signal.SIGKILL)
