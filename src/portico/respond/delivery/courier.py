"""Tells people: writes down what is due, then sends what is written, each channel by itself."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

from portico.ledger import asks, incidents, outbox, silences
from portico.ledger.outbox import Draft, Row
from portico.model import Finding, Severity
from portico.notify.failure import Failure
from portico.notify.message import Link, Message
from portico.notify.port import TIMEOUT_S, Port
from portico.respond import links
from portico.respond.delivery import health, policy
from portico.respond.delivery import moment as moments
from portico.respond.delivery.oncall import Duty, Rota
from portico.respond.delivery.switch import Switch
from portico.respond.delivery.wording import Words
from portico.respond.incidents import timeline
from portico.watch.watched import Watched

log = logging.getLogger("portico.courier")

BACKOFF_S = (1.0, 3.0, 10.0, 30.0, 60.0, 120.0, 300.0)
TRIES = 3
FALL_BACK_S = 15.0
"""After so many tries or so long the fallback is asked instead; without one it is tried for `LAST_S`."""
LAST_S = 86400.0
OWED_S = 7 * 86400.0
LOOK = "Cause, timeline and what to do"
"""The words of the link to the console."""

STUCK_S = 120.0
"""A critical message that waits so long while every channel fails: nobody can be told from here."""


class Courier:
    """Called by the watcher's loop; sending happens in threads, so that a slow channel holds nobody up."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._ledger = watched.ledger
        self._notify = watched.settings.notify
        self._port = Port(watched.home.apprise)
        self._key = links.key(watched.home)
        self._stack = hashlib.sha256(self._key).hexdigest()[:6]
        names = [channel.name for channel in self._notify.channels]
        zone = ZoneInfo(self._notify.timezone)
        self._rota = Rota(self._notify.oncall, names, zone) if self._notify.oncall else None
        self._switch = Switch(self._notify, self._ledger)
        self._busy: dict[str, threading.Thread] = {}
        outbox.release(self._ledger, self._ledger.now)
        if names:
            threading.Thread(target=self._port.warm, daemon=True, name="courier").start()
        else:
            self._tell_that_nobody_is_told()

    def tick(self, now: float) -> None:
        """Write what is due, send what is written, and tell the outside that we live."""
        self._write(now)
        self._send(now)
        self._switch.tick(now, well=not self._is_stuck(now))

    def troubles(self) -> dict[str, Finding]:
        """What is wrong with telling, for the watcher to record."""
        found = {**health.troubles(self._ledger, self._notify), **self._switch.troubles()}
        if self._rota and self._rota.trouble:
            sentence = f"Who is on call can't be read, the last good calendar holds: {self._rota.trouble}."
            finding = Finding("oncall-unreadable", Severity.WARNING, sentence, {"part": "watcher"})
            found[finding.key] = finding
        return found

    def stop(self, timeout: float = 2.0) -> None:
        """Wait a moment for what is being sent; what isn't through is sent again by the next courier."""
        deadline = time.monotonic() + timeout
        for thread in list(self._busy.values()):
            thread.join(max(0.0, deadline - time.monotonic()))
        self._switch.wait(max(0.0, deadline - time.monotonic()))

    # what is due

    def _write(self, now: float) -> None:
        drafts = self._due(now) if self._notify.channels else []
        if drafts:
            outbox.queue(self._ledger, drafts)

    def _due(self, now: float) -> list[Draft]:
        ledger = self._ledger
        still = incidents.current(ledger)
        owed = [incidents.get(ledger, number) for number in outbox.owed(ledger, now - OWED_S)]
        ended = [incident for incident in owed if incident]
        questions = asks.waiting(ledger)
        if not still and not ended and not questions:
            return []
        known = moments.Moment(
            now,
            self._notify,
            still,
            ended,
            outbox.told(ledger, [moments.ALONE, *(incident.id for incident in (*still, *ended))]),
            silences.holding(ledger, now),
            questions,
            self._rota.at(now) if self._rota else Duty(),
            outbox.begun(ledger, moments.OPENED, now - policy.STORM_S),
        )
        found = policy.due(known)
        alone = {due.incidents[0].id: due.incidents[0] for due in found if len(due.incidents) == 1}
        happened = {
            number: timeline.told(ledger, incident, now) for number, incident in alone.items() if number
        }
        words = Words(self._notify, now, happened)
        return [words.draft(due) for due in found]

    # sending

    def _send(self, now: float) -> None:
        self._busy = {name: thread for name, thread in self._busy.items() if thread.is_alive()}
        for row in outbox.due(self._ledger, now):
            name = row.draft.channel
            if name not in self._busy and outbox.take(self._ledger, row, now + 2 * TIMEOUT_S):
                thread = threading.Thread(
                    target=self._deliver, args=(row,), daemon=True, name=f"courier-{name}"
                )
                self._busy[name] = thread
                thread.start()

    def _deliver(self, row: Row) -> None:
        """One try, in a thread of its own. What isn't marked as sent in the end is sent again."""
        try:
            self._settle(row, self._try(row))
        except sqlite3.Error:
            log.exception("what came of message %s can't be written; it may be sent again", row.id)

    def _try(self, row: Row) -> Failure | None:
        channel = self._notify.channel(row.draft.channel)
        if channel is None:
            return Failure("the channel is in the settings no longer", temporary=False)
        try:
            return self._port.send(channel, self._message(row))
        except Exception as error:  # noqa: BLE001 - a library's fault must not end the telling; its text may hold secrets
            return Failure(f"the library failed with {type(error).__name__}")

    def _settle(self, row: Row, failure: Failure | None) -> None:
        ledger, draft = self._ledger, row.draft
        with ledger.writing():
            health.note(ledger, draft.channel, failure)
            if failure is None:
                outbox.sent(ledger, row)
                return
            waited = ledger.now - row.at
            instead = self._instead(row)
            late = waited >= FALL_BACK_S or row.attempts + 1 >= TRIES or not failure.temporary
            if (instead and late) or waited >= LAST_S or self._notify.channel(draft.channel) is None:
                outbox.give_up(ledger, row, failure.reason, instead)
            else:
                wait = (
                    BACKOFF_S[min(row.attempts, len(BACKOFF_S) - 1)] if failure.temporary else BACKOFF_S[-1]
                )
                outbox.retry(ledger, row, failure.reason, ledger.now + wait)

    def _instead(self, row: Row) -> Draft | None:
        """The same for the fallback, unless that was tried before."""
        draft = row.draft
        channel = self._notify.channel(draft.channel)
        tried = [*draft.data.get("tried", ()), draft.channel]
        if channel is None or channel.fallback is None or channel.fallback in tried:
            return None
        return replace(
            draft,
            channel=channel.fallback,
            data={**draft.data, "tried": tried},
            tellings=outbox.tellings(self._ledger, row.id),
        )

    def _message(self, row: Row) -> Message:
        draft, settings, home = row.draft, self._watched.settings, self._watched.home
        base, console = (
            links.base(settings, home),
            links.in_console(settings, home, draft.data.get("incidents", ())),
        )
        return Message(
            f"portico-{self._stack}-{row.id}",
            f"portico-{self._stack}-{draft.thread}",
            draft.title,
            draft.body,
            draft.severity,
            (
                *(
                    Link(words, links.url(base, self._key, press))
                    for words, press in links.ordered(draft.data.get("links", ()))
                ),
                *([Link(LOOK, console)] if console else []),
            ),
            over=bool(draft.data.get("over")),
        )

    def _is_stuck(self, now: float) -> bool:
        """Whether something critical waits for long, and every way to tell it fails."""
        if not self._notify.channels or not outbox.waits(self._ledger, Severity.CRITICAL, now - STUCK_S):
            return False
        return len(health.failing(self._ledger, self._notify)) == len(self._notify.channels)

    def _tell_that_nobody_is_told(self) -> None:
        """Once a stack: a finding that stays would be one that people learn to overlook."""
        if self._ledger.seen("notify.nobody") is None:
            with self._ledger.writing():
                self._ledger.see("notify.nobody", {"at": self._ledger.now})
                said = "no channels are configured: incidents are recorded, and nobody is told"
                self._ledger.record("notify.nobody", said)
