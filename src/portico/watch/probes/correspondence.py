"""A far probe's talk with the watcher: it fetches tasks and hands reports in, and waits when it can't."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus, client
from urllib.parse import urlsplit

from pydantic import ValidationError

from portico.kit.errors import PorticoError, UnavailableError
from portico.watch.answer import What
from portico.watch.probes.board import Board
from portico.watch.probes.looks import Outcome
from portico.watch.probes.report import Report
from portico.watch.probes.wire import OLDEST_S, Post, Sent, Tasks

PATH = "/probe"
MOST_TASKS = 32 << 20
REFRESH_S = 30.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
_REFUSED = {
    HTTPStatus.UNAUTHORIZED: ("the token is not the watcher's", "copy keys/probe.token of the stack's home"),
    HTTPStatus.FORBIDDEN: ("the watcher expects no such place", "add its name to probes/places"),
}


class RefusedError(PorticoError):
    """The watcher said no; the same again will not help."""


@dataclass(slots=True)
class Watcher:
    """The watcher's private listener at `url`, and the clock by which it lives."""

    url: str
    token: str
    timeout: float = 10.0
    _ahead: float = 0.0

    def tasks(self) -> Tasks:
        """Raises PorticoError."""
        status, body = self._ask("GET")
        if status != HTTPStatus.OK:
            raise _refusal(status, self.url)
        try:
            tasks = Tasks.model_validate_json(body)
        except ValidationError as error:
            raise PorticoError("the watcher's tasks can't be read", where=self.url) from error
        self._ahead = tasks.now - time.time()
        return tasks

    def post(self, post: Post) -> int:
        """The answer's status. Raises PorticoError, RefusedError where nothing but a person can help."""
        status, _ = self._ask("POST", post.model_dump_json().encode())
        if status in {HTTPStatus.NO_CONTENT, HTTPStatus.CONFLICT}:
            return status
        raise _refusal(status, self.url)

    @property
    def now(self) -> float:
        return time.time() + self._ahead

    def _ask(self, method: str, body: bytes | None = None) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        kind = client.HTTPSConnection if parts.scheme == "https" else client.HTTPConnection
        connection = kind(parts.netloc, timeout=self.timeout)
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        try:
            connection.request(method, f"{parts.path.rstrip('/')}{PATH}", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(MOST_TASKS)
        except (OSError, client.HTTPException) as error:
            raise UnavailableError(
                f"the watcher doesn't answer: {error}", where=self.url, temporary=True
            ) from error
        finally:
            connection.close()


def _refusal(status: int, url: str) -> PorticoError:
    if status in _REFUSED:
        what, hint = _REFUSED[HTTPStatus(status)]
        return RefusedError(what, where=url, hint=hint)
    return UnavailableError(f"the watcher answered {status}", where=url, temporary=True)


@dataclass(slots=True)
class Correspondent:
    """Keeps the tasks fresh and the reports going; after a failure it waits longer each time."""

    watcher: Watcher
    place: str
    tasks: Tasks | None = None
    trouble: PorticoError | None = None
    _fetched: float = 0.0
    _wait: float = 0.0
    _not_before: float = 0.0
    _sequence: int = 0

    def begin(self) -> Tasks:
        """The first tasks. Raises PorticoError: who can't have them has been set up wrong."""
        self.tasks, self._fetched = self.watcher.tasks(), time.monotonic()
        self._sequence = max(self._sequence, self.tasks.sequences.get(self.place, 0))
        if self.place not in self.tasks.places:
            raise _refusal(HTTPStatus.FORBIDDEN, self.watcher.url)
        return self.tasks

    def refresh(self, now: float, *, at_once: bool = False) -> bool:
        """Fetch the tasks when they are old, or now; says whether there are new ones. `now` is monotonic."""
        old = self.tasks is None or now - self._fetched > REFRESH_S
        if not (old or at_once) or now < self._not_before:
            return False
        try:
            self.tasks = self.watcher.tasks()
        except PorticoError as error:
            self._failed(error, now)
            return False
        self._fetched = now
        self._sequence = max(self._sequence, self.tasks.sequences.get(self.place, 0))
        return True

    def send(self, board: Board, seen: Mapping[str, Outcome], now: float) -> None:
        """Hand the reports in. After a conflict, of numbers or clocks, the tasks are fetched anew."""
        if self.tasks is None or now < self._not_before:
            return
        self._sequence = max(self._sequence + 1, time.time_ns())
        try:
            status = self.watcher.post(post(board, seen, self.place, self._sequence, self.watcher.now))
        except PorticoError as error:
            self._failed(error, now)
            return
        if status == HTTPStatus.CONFLICT:
            self._fetched = -REFRESH_S
        self._wait, self.trouble = 0.0, None

    def _failed(self, error: PorticoError, now: float) -> None:
        self.trouble = error
        longer = min(LONGEST_WAIT_S, max(FIRST_WAIT_S, self._wait * 2))
        self._wait = LONGEST_WAIT_S if isinstance(error, RefusedError) else longer
        self._not_before = now + self._wait * random.uniform(0.8, 1.2)  # noqa: S311 - spreads probes, no secret


def post(board: Board, seen: Mapping[str, Outcome], place: str, sequence: int, sent_at: float) -> Post:
    now, counts = time.time(), board.counts()
    reports = [_sent(one, seen.get(one.target), counts[one.target], now) for one in board.reports()]
    return Post(place=place, sequence=sequence, sent_at=sent_at, reports=tuple(reports))


def _sent(one: Report, seen: Outcome | None, counts: Mapping[What, int], now: float) -> Sent:
    return Sent.model_validate(
        {
            "target": one.target,
            "what": one.what,
            "sentence": one.sentence[:600],
            "age_s": _age(one.at, now),
            "since_s": _age(one.since, now),
            "good_s": None if one.good_at is None else _age(one.good_at, now),
            "fails": one.fails,
            "phases": dict(one.phases),
            "looks": dict(counts),
            "bad": seen.bad[:4] if seen else (),
        }
    )


def _age(at: float, now: float) -> float:
    """Whatever a clock did that was set meanwhile."""
    return min(max(0.0, now - at), OLDEST_S)
