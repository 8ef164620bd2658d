"""Encodes what is live again, and better, when there is nothing else to do: a thread beside the tick."""

from __future__ import annotations

import logging
import os
import sys
import threading

from portico.keeper.stack import Stack
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.model import MIRROR, Digest
from portico.snapshot.improve import Improver
from portico.store.layout import Store

log = logging.getLogger("portico.keeper")

_NICEST = 19


class Improving:
    """One thread for each snapshot that becomes live; the one before gives way. Nothing waits for it."""

    def __init__(self, stack: Stack, ledger: Ledger) -> None:
        self._stack = stack
        self._ledger = ledger
        home, asked = stack.home, stack.settings.snapshots
        stores = [Store(home.store(name)) for name in (*stack.clusters, MIRROR)]
        self._improver = Improver(Store(home.origin), stores, home.improved, asked.brotli_later)
        self._wanted = asked.brotli_later > asked.brotli_quality
        self._at: Digest | None = None
        self._alone = threading.Lock()
        self._free = threading.Event()

    def look(self, live: Digest | None, *, busy: bool) -> None:
        """Begin with what is live now; an ended keeper's successor begins where it stopped.

        While the keeper is `busy` with orders, a publish above all, it waits: the disk and a core are theirs.
        """
        if busy:
            self._free.clear()
        else:
            self._free.set()
        if not self._wanted or live is None or live == self._at:
            return
        self._at = live
        threading.Thread(target=self._run, args=(live,), daemon=True, name="improving").start()

    def _goes_on(self, snapshot: Digest) -> bool:
        self._free.wait()
        return self._at == snapshot

    def _run(self, snapshot: Digest) -> None:
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICEST)
        with self._alone:
            try:
                done = self._improver.improve(snapshot, self._stack.key, lambda: self._goes_on(snapshot))
            except (PorticoError, OSError):
                log.exception("the encodings of %s stay as they are", snapshot[:12])
                return
        if done.bodies:
            self._ledger.record("encodings.improved", snapshot, bodies=done.bodies, saved_bytes=done.saved)
