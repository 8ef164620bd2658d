"""The work that orders ask for beside the tick: repair a store, renew the certificate, free disk.

What it came to is written into the ledger before it ends, and the order's procedure reads it there; a keeper
that is killed meanwhile leaves nothing behind but work that is begun anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portico.edge import runtime, tls
from portico.keeper import publishing, steps, takedown
from portico.keeper.stack import Stack
from portico.kit import lock
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.model import MIRROR
from portico.snapshot import collect
from portico.store import check, read
from portico.store.layout import Store

KEY = "job"
"""What the ledger has seen last of the job that goes on."""

ROUNDS = 5
"""A bad shard hides what it names: it is repaired, then read again."""

SAY_EVERY_S = 1.0
LONG_LOG = 1 << 20
LOG_END = 1 << 18
"""Bytes that are left of a log that is longer than `LONG_LOG`."""


class Jobs:
    """`act` carries out another step, as the repair of one body."""

    def __init__(self, stack: Stack, ledger: Ledger, act: Callable[[steps.Step], None]) -> None:
        self._stack = stack
        self._ledger = ledger
        self._act = act

    def repair(self, step: steps.RepairStore) -> None:
        self._tell(step.order, lambda: self._repair(step))

    def renew(self, step: steps.Renew) -> None:
        self._tell(step.order, self._renew)

    def free_disk(self, step: steps.FreeDisk) -> None:
        self._tell(step.order, self._free_disk)

    def take_down(self, step: steps.TakeDown) -> None:
        """The bodies go with the next collection, which is now."""
        self._tell(step.order, lambda: takedown.carry_out(self._stack, self._ledger, step, self._act))
        self._act(steps.CollectGarbage(thorough=True))

    def remove_barred(self, step: steps.RemoveBarred) -> None:
        takedown.remove_barred(self._stack, self._ledger, step.cluster)

    def _tell(self, order: int, work: Callable[[], Mapping[str, Any]]) -> None:
        try:
            said: dict[str, Any] = {"result": dict(work())}
        except PorticoError as error:
            said = {"why": f"{error.where}: {error.what}" if error.where else error.what, "hint": error.hint}
        except OSError as error:
            said = {"why": str(error)}
        self._ledger.see(KEY, {"order": order, "ended": True, **said})

    def _repair(self, step: steps.RepairStore) -> Mapping[str, Any]:
        store = Store(self._stack.home.store(step.cluster))
        store.create()
        self._bring_root(store, step)
        repaired = 0
        for _ in range(ROUNDS):
            report = check.snapshot(
                store, step.snapshot, self._stack.key, progress=self._progress(step.order)
            )
            if not report.bad:
                told = {"checked": report.checked, "repaired": repaired}
                self._ledger.record("store.repaired", step.cluster, order=step.order, **told)
                return told
            for bad in report.bad:
                self._mend(step.cluster, bad)
                repaired += 1
        raise PorticoError(f"{len(report.bad)} bodies are still bad", where=report.bad[0].where)

    def _bring_root(self, store: Store, step: steps.RepairStore) -> None:
        """The snapshot's root, and with it all that is simply missing."""
        try:
            read.read_root(store, step.snapshot, self._stack.key)
        except PorticoError:
            if store.manifest(step.snapshot).exists():
                self._act(steps.RepairBody(step.cluster, step.snapshot))
            else:
                publishing.bring(self._stack, step.cluster, step.snapshot, None)

    def _mend(self, cluster: str, bad: read.CorruptError) -> None:
        """A good copy of the body with its encodings; an encoding that no store holds right is dropped."""
        file = Path(bad.where)
        encoded = file.suffix != ""
        before = file.stat().st_mtime_ns if encoded and file.exists() else None
        self._act(steps.RepairBody(cluster, bad.digest))
        if before is not None and file.exists() and file.stat().st_mtime_ns == before:
            file.unlink()

    def _progress(self, order: int) -> Callable[[int], None]:
        said = [time.monotonic()]

        def say(checked: int) -> None:
            if time.monotonic() - said[0] >= SAY_EVERY_S:
                said[0] = time.monotonic()
                self._ledger.see(KEY, {"order": order, "checked": checked})

        return say

    def _renew(self) -> Mapping[str, Any]:
        home, edge = self._stack.home, self._stack.settings.edge
        tls.renew(home, tuple(self._stack.settings.certified), edge.certificate, datetime.now(UTC))
        runtime.Runtime(home.edge_socket).swap_certificate(tls.site_pem(home).read_text())
        self._ledger.record("certificate.swapped", "edge")
        return {}

    def _free_disk(self) -> Mapping[str, Any]:
        """Logs first: on a full disk the ledger can't say anything before there is room."""
        logs = sum(_shorten(log) for log in self._stack.home.logs.glob("*.log"))
        with lock.held(self._stack.home.drill_lock) as calm:
            pass
        freed = self._collect() if calm else 0
        self._ledger.record("disk.freed", "", bytes=logs + freed)
        return {"bytes": logs + freed}

    def _collect(self) -> int:
        """As few snapshots as keep their promise that assets go on resolving, however young they are."""
        live = self._ledger.wanted().get("snapshot")
        rule = collect.Rule(self._stack.settings.snapshots.keep, 0.0, live, self._to_go_back_to(live))
        places = [Store(self._stack.home.store(name)) for name in (*self._stack.clusters, MIRROR)]
        freed = 0
        for store in (*places, Store(self._stack.home.origin)):
            keep = collect.plan(collect.held_by(store), rule, time.time())
            freed += collect.collect(store, keep, self._stack.key).size
        return freed

    def _to_go_back_to(self, live: str | None) -> frozenset[str]:
        """The snapshot that was live before, which a rollback needs whatever its age."""
        lives = [event.subject for event in self._ledger.events(kind="released") if event.subject != live]
        return frozenset(lives[-1:])


def _shorten(log: Path) -> int:
    """Leave a long log's end; its writers append, so they go on behind it. Returns the bytes freed."""
    size = log.stat().st_size
    if size <= LONG_LOG:
        return 0
    with log.open("r+b") as file:
        file.seek(-LOG_END, 2)
        end = file.read().partition(b"\n")[2]
        file.truncate(0)
        file.seek(0)
        file.write(end)
    return size - len(end)
