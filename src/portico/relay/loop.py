"""The relay's loop. A tick: look into the journals, deliver, tell how it stands."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import TypeVar

from portico.config.home import Home
from portico.intake import seal
from portico.kit import lock
from portico.ledger.ledger import Ledger
from portico.relay import studio, waiting
from portico.relay.carrier import Carrier, Counts
from portico.relay.mailing import Mailing
from portico.relay.waiting import Cluster, Waiting

T = TypeVar("T")

log = logging.getLogger("portico.relay")

TICK_S = 0.25
SHOW_S = 1.0
CHORES_S = 1.0
FORGET_S = 600.0
SEEN = "intake"
"""Under which the ledger has what the relay saw last."""


class Loop:
    """One relay a home; the caller holds its lock."""

    def __init__(
        self,
        home: Home,
        clusters: tuple[str, ...],
        ledger: Ledger,
        mailing: Mailing | None = None,
    ) -> None:
        self._home = home
        self._ledger = ledger
        self._clusters = [Cluster(name, home.intake(name)) for name in clusters]
        self._carrier = Carrier(home.studio_socket, seal.Opener(home.intake_key), self._tell_aside)
        self._carrier.counts = _counted(ledger)
        self._mailing = mailing
        if mailing:
            self._carrier.ours = mailing.takes
        self._mail: dict[str, object] = {}
        self._shown_at = 0.0
        self._failing: dict[str, str] = {}
        self._stopped = threading.Event()

    def run(self) -> None:
        """Until `stop`."""
        threading.Thread(target=self._chores, daemon=True, name="chores").start()
        if self._mailing:
            threading.Thread(target=self._mailing.run, args=(self._stopped,), daemon=True).start()
        while not self._stopped.is_set():
            if not self.tick():
                self._stopped.wait(TICK_S)

    def stop(self) -> None:
        self._stopped.set()

    def tick(self) -> bool:
        """Whether there was any work. What fails is told and tried again."""
        done: set[str] | None = None
        with lock.held(self._home.intake_lock, wait=True):
            found = waiting.of(self._clusters)
            done = self._try("deliver", lambda: self._carrier.carry(found, time.time, self._going))
        self._try("show", lambda: self._show([one for one in found if one.key not in (done or ())]))
        self._beat()
        return bool(done)

    def _going(self) -> bool:
        """Asked before each post: a long queue must not look like a hung process, nor hold up an end."""
        self._beat()
        return not self._stopped.is_set()

    def _chores(self) -> None:
        """Mail, and what is kept too long: slower than a delivery may be, so beside it."""
        forgot_at = float("-inf")
        while not self._stopped.is_set():
            answer = studio.ask(self._home.studio_socket, "/mail", {}, studio.PATIENT_S)
            if answer.ok:
                self._mail = dict(answer.body)
            if time.monotonic() - forgot_at > FORGET_S and answer.ok:
                studio.ask(self._home.studio_socket, "/forget", {}, studio.PATIENT_S)
                forgot_at = time.monotonic()
            if not (answer.ok and answer.body.get("tried")):
                self._stopped.wait(CHORES_S)

    def _show(self, left: list[Waiting]) -> None:
        now = time.time()
        if abs(now - self._shown_at) < SHOW_S:
            return
        self._shown_at = now
        self._ledger.see(SEEN, {
            **asdict(self._carrier.counts),
            "waiting": len(left),
            "oldest_s": max(0.0, now - left[0].received_at) if left else 0.0,
            "alone": sum(len(cluster.posts.alone()) for cluster in self._clusters),
            "aside": len(waiting.aside(self._clusters)),
            "down": self._carrier.pace.down,
            "mail_waiting": self._mail.get("waiting", 0),
            "mail_oldest_s": self._mail.get("oldest_s", 0.0),
            "mail_why": self._mail.get("why", ""),
        })  # fmt: skip

    def _tell_aside(self, one: Waiting, why: str) -> None:
        """Nothing of what the visitor wrote."""
        told = {"key": one.key, "form": one.form, "received_at": one.received_at, "why": why}
        self._try("record", lambda: self._ledger.record("intake.aside", one.form, **told))

    def _try(self, what: str, act: Callable[[], T]) -> T | None:
        try:
            found = act()
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            if self._failing.get(what) != told:
                log.exception("%s failed; it is tried again", what)
            self._failing[what] = told
            return None
        self._failing.pop(what, None)
        return found

    def _beat(self) -> None:
        """Show the keeper that this process isn't hung."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self._home.record("relay"))


def _counted(ledger: Ledger) -> Counts:
    """So far, by the relays before."""
    seen = ledger.seen(SEEN)
    known = seen[0] if seen and isinstance(seen[0], dict) else {}
    return Counts(**{one.name: known[one.name] for one in fields(Counts) if one.name in known})
