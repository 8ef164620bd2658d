"""The status page's forms, and the mails that follow from them and from what people say there.

Relay, not keeper: it opens what visitors send, and nobody else shall.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping

from portico.config.models import Settings
from portico.config.responding import Channel
from portico.config.statuspage import LANGUAGES
from portico.intake.post import Post
from portico.intake.subscribers import CONFIRM, WELCOME, Letter, Subscribers
from portico.ledger import bulletins
from portico.ledger.ledger import Ledger
from portico.notify.failure import Failure
from portico.notify.letter import Mail
from portico.notify.port import Port, Writer
from portico.relay import letters
from portico.relay.letters import Page
from portico.watch.collect import status_page

log = logging.getLogger("portico.relay")

SUBSCRIBE, CONFIRMED, LEAVE = "status-subscribe", "status-confirm", "status-leave"
"""The forms, as they stand in the page's snapshot."""

FORMS = tuple(
    form + behind
    for form in (SUBSCRIBE, CONFIRMED, LEAVE)
    for behind in ("", *(f"-{language}" for language in LANGUAGES))
)

SEEN = status_page.SUBSCRIBERS
"""Under which the ledger has how many there are; never who."""

EVERY_S = 1.0
FORGET_S = 600.0
AT_ONCE = 50


class Subscriptions:
    """`takes` keeps what came by a form; `run` mails, beside it, until told to end.

    With mail switched off nobody is written to, and who is there can still leave and is forgotten in time.
    """

    def __init__(self, kept: Subscribers, ledger: Ledger, settings: Settings, port: Port) -> None:
        self._kept = kept
        self._ledger = ledger
        self._asked = settings.status_page
        self._zone = settings.notify.timezone
        named = (one for one in settings.notify.channels if one.name == self._asked.mail)
        self._channel = next(named, None)
        self._port = port
        self._failing = ""
        self._forgot = float("-inf")
        self._told = kept.told()

    @property
    def takes(self) -> Mapping[str, Callable[[Post], object]]:
        """By form. What is spam is as if it had never come."""
        kinds = {SUBSCRIBE: self._subscribe, CONFIRMED: self._confirm, LEAVE: self._leave}
        return {form: take for form in FORMS for kind, take in kinds.items() if form.startswith(kind)}

    def run(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                self.tick(time.time())
            except Exception as error:
                told = f"{type(error).__name__}: {error}"
                if told != self._failing:
                    log.exception("mailing subscribers failed; it is tried again")
                self._failing = told
            else:
                self._failing = ""
            stopped.wait(EVERY_S)

    def tick(self, now: float) -> int:
        """Owe what was said since, send what is owed; how many were sent."""
        if now - self._forgot > FORGET_S:
            self._kept.forget(now)
            self._forgot = now
        sent = self._mail(self._channel, now) if self._channel else 0
        self._kept.scrub()
        self._ledger.see(SEEN, self._kept.counts(now))
        return sent

    def _mail(self, channel: Channel, now: float) -> int:
        self._announce(now)
        due = self._kept.due(now, AT_ONCE)
        if not due:
            return 0
        with self._port.writing(channel) as write:
            return sum(self._tried(letter, write, now) for letter in due)

    def _subscribe(self, post: Post) -> None:
        if self._channel and not post.spam:
            self._kept.subscribe(str(post.fields["email"]), time.time(), post.language)

    def _confirm(self, post: Post) -> None:
        self._kept.confirm(str(post.fields["code"]), time.time())

    def _leave(self, post: Post) -> None:
        self._kept.leave(str(post.fields["code"]))

    def _announce(self, now: float) -> None:
        said = {one.id: one.at for known in bulletins.published(self._ledger) for one in known.updates}
        for number in sorted(said.keys() - self._told):
            if owed := self._kept.announce(number, said[number], now):
                self._ledger.record("bulletin.mailing", str(number), update=number, subscribers=owed)
        self._told |= said.keys()

    def _tried(self, letter: Letter, write: Writer, now: float) -> bool:
        """One that can't be written or sent stops no other. An error's words may hold the address."""
        try:
            return self._send(letter, write, now)
        except Exception as error:  # noqa: BLE001 - told by its kind, and tried again
            why = type(error).__name__
            log.warning("the mail %d to a subscriber could not be sent: %s", letter.id, why)
            self._kept.failed(letter, why, now)
            return False

    def _send(self, letter: Letter, write: Writer, now: float) -> bool:
        mail = self._written(letter)
        failure = write(mail) if mail else None
        if failure is None:
            self._kept.sent(letter, now)
        else:
            self._failed(letter, failure, now)
        return failure is None and mail is not None

    def _failed(self, letter: Letter, failure: Failure, now: float) -> None:
        """What would stop any mail, as a wrong password, is for us to mend: the mail waits for it."""
        why = f"the server answered {failure.code}" if failure.code else failure.reason
        log.warning("the mail %d to a subscriber could not be sent: %s", letter.id, why)
        if failure.temporary or failure.for_all:
            self._kept.failed(letter, why, now)
        else:
            self._kept.refused(letter, why, now)

    def _written(self, letter: Letter) -> Mail | None:
        """None for one about what isn't there any more."""
        seen = self._ledger.seen(status_page.SEEN)
        page = Page(
            self._asked.title,
            seen[0]["address"] if seen else "",
            self._asked.below(letter.language),
            self._zone,
            self._asked.mail_from or "",
        )
        if letter.kind == CONFIRM:
            return letters.confirm(page, letter)
        if letter.kind == WELCOME:
            return letters.welcome(page, letter)
        with contextlib.suppress(LookupError):
            return letters.update(page, letter, *self._update(letter.about))
        return None

    def _update(self, number: int) -> tuple[bulletins.Bulletin, bulletins.Update]:
        found = [
            (known, one)
            for known in bulletins.published(self._ledger)
            for one in known.updates
            if one.id == number
        ]
        return found[0]
