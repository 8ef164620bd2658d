"""The freezer: asks the studio what changed, freezes it, has it published, and tells editors of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import replace

from portico.config.home import Home
from portico.config.models import Settings
from portico.kit.errors import PorticoError, UnavailableError
from portico.ledger.ledger import Ledger
from portico.model import Digest, Order
from portico.release import due, ordering, procedure, studio, takedown, told
from portico.release.beating import beating
from portico.release.due import Known
from portico.release.procedure import Progress
from portico.release.studio import Answer
from portico.release.told import Told
from portico.release.undo import Undo
from portico.snapshot import freeze, sources
from portico.store import signing
from portico.store.layout import Store

log = logging.getLogger("portico.freezer")

SEEN = "freezer"
"""What it remembers lies in the ledger under this name."""

NOBODY = "studio"
"""Who publishes what nobody is named for: a schedule, or a studio that begins."""


class Freezer:
    """One a home. `beat` shows the keeper that we live."""

    def __init__(self, home: Home, settings: Settings, ledger: Ledger, beat: Callable[[], None]) -> None:
        self._home = home
        self._settings = settings
        self._ledger = ledger
        self._beat = beat
        self._board = told.Board(home.published)
        self._orders = ordering.Orders(home, ledger, self._at_it)
        self._undo = Undo(ledger, self._orders, self._board)
        self._key = signing.load_private(home.signing_key)
        self._silent = ""
        self._looked = 0.0
        seen = ledger.seen(SEEN)
        self._known = due.load(seen[0] if seen else None)

    def look(self) -> None:
        """One question to the studio, and what follows from it. A studio that is down changes nothing."""
        asked = time.time()
        try:
            with beating(self._at_it):
                answer = studio.freeze(self._home.studio_socket, self._known.revision)
        except UnavailableError as error:
            self._hear(str(error))
            return
        self._hear("")
        self._grant_wishes(answer)
        self._undo.notice(self._known)
        if due.is_due(answer, self._known, self._live(), time.time()):
            self._publish(replace(answer, at=self._committed(answer, asked)))
        self._looked = asked

    def _committed(self, answer: Answer, asked: float) -> float:
        """When the change was made: not before the look that didn't see it, and now for a new build alone."""
        if self._known.revision in {None, answer.revision}:
            return asked
        return max(answer.at, self._looked)

    def _grant_wishes(self, answer: Answer) -> None:
        """Remembered before it is answered: who is interrupted in between is asked again."""
        for wish in answer.wishes:
            outcome = self._undo.grant(wish, answer.revision)
            if outcome.held is not None:
                self._remember(self._known.went_back(outcome.held))
            try:
                studio.grant(self._home.studio_socket, wish.id, ok=outcome.ok, said=outcome.said)
            except UnavailableError as error:
                self._hear(str(error))

    def _publish(self, answer: Answer) -> None:
        """From what the studio froze to what visitors see; a failure is told once and tried again later."""
        now = told.begun(answer)
        try:
            if answer.why:
                raise studio.refused(answer)
            frozen = self._freeze()
        except (PorticoError, OSError) as error:
            self._fail(answer, now, error)
            return
        now = now.step("frozen", max(0.0, time.time() - answer.at))
        if self._was_taken_back(frozen):
            self._remember(self._known.published(answer, frozen.id).went_back(answer.revision))
        elif frozen.id == self._live() and not answer.takedown:
            self._remember(self._known.published(answer, frozen.id))
            kind, before = self._orders.way_of(frozen.id)
            shown = replace(now, before=before if kind == procedure.PUBLISH else None)
            self._board.tell(told.lived(shown, frozen.id, time.time()))
        else:
            self._order(answer, now, frozen.id)

    def _freeze(self) -> freeze.Frozen:
        asked = self._settings
        with beating(self._at_it):
            return freeze.freeze(
                sources.of(asked.source, self._home),
                Store(self._home.origin),
                self._home.freezer,
                self._key,
                options=freeze.Options(
                    strict=asked.source.strict,
                    brotli_quality=asked.snapshots.brotli_quality,
                    workers=asked.snapshots.workers,
                ),
            )

    def _was_taken_back(self, frozen: freeze.Frozen) -> bool:
        """For a freezer that knows nothing yet: whether somebody went back from this very snapshot."""
        if self._known.revision is not None or self._live() in {None, frozen.id}:
            return False
        return any(event.subject == frozen.id for event in self._ledger.events(kind="released"))

    def _order(self, answer: Answer, now: Told, snapshot: Digest) -> None:
        by = answer.by or NOBODY
        behind = due.is_behind(answer, self._known)
        args = {"snapshot": snapshot, **({ordering.BEHIND: True} if behind else {})}
        self._ledger.record("frozen", snapshot, seconds=round(sum(took for _, took in now.steps), 3))
        number = self._orders.give(procedure.PUBLISH, args, by=by)
        order = self._orders.follow(
            number, lambda order, far: None if behind else self._tell_step(now, order, far)
        )
        if order.state == "done":
            if behind:
                self._board.follow(snapshot)
            self._take_down(answer.takedown, snapshot, by)
            self._remember(self._known.published(answer, snapshot))
            return
        if self._orders.gone_back_since(order):
            self._remember(self._known.went_back(answer.revision))
        why, hint = str(order.result.get("why", "")), str(order.result.get("hint", ""))
        self._fail(answer, now, PorticoError(why, hint=hint))

    def _take_down(self, paths: Collection[str], live: Digest, by: str) -> None:
        """Ordered before the publish is remembered: after a crash in between, both are asked for again."""
        keep = self._settings.snapshots.keep
        if args := takedown.args_of_gone(self._home, paths, live=live, keep=keep):
            self._orders.give(takedown.KIND, args, by=by)

    def _tell_step(self, now: Told, order: Order, far: Progress | None) -> None:
        if order.state == "failed":
            return
        here = told.moved(now, told.PUBLISHING if far and far.done else told.CHECKING, far)
        if order.state == "done" and far:
            self._tell_live(here, far.snapshot, order)
        else:
            self._board.tell(here)

    def _tell_live(self, now: Told, snapshot: Digest, order: Order) -> None:
        shown = told.lived(now, snapshot, self._orders.went_live(order.id) or time.time())
        self._board.tell(shown)
        seconds = round(shown.seconds, 3)
        if self._known.revision not in {None, now.revision}:  # a first publish and a new build are no edits
            self._ledger.record("edit.live", snapshot, revision=now.revision, seconds=seconds, by=now.by)

    def _fail(self, answer: Answer, now: Told, error: PorticoError | OSError) -> None:
        what, hint = (str(error), "") if isinstance(error, OSError) else (_sentence(error), error.hint)
        again = self._known.failed == (answer.revision, answer.build)
        self._remember(self._known.failing(answer, time.time()))
        self._board.tell(told.failed(now, what, hint))
        if not again:
            log.error("revision %s was not published: %s", answer.revision, what)
            self._ledger.record("edit.failed", "", revision=answer.revision, by=answer.by, why=what)

    def _hear(self, trouble: str) -> None:
        if trouble and trouble != self._silent:
            log.warning("%s", trouble)
        self._silent = trouble

    def _at_it(self) -> None:
        self._beat()
        self._board.touch()

    def _live(self) -> Digest | None:
        found: Digest | None = self._ledger.wanted().get("snapshot")
        return found

    def _remember(self, known: Known) -> None:
        if known != self._known:
            self._known = known
            self._ledger.see(SEEN, due.dump(known))


def _sentence(error: PorticoError) -> str:
    return f"{error.where}: {error.what}" if error.where else error.what
