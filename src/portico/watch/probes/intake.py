"""Where far probes fetch what to look for, and hand in what they saw. The listener calls it."""

from __future__ import annotations

import threading
import time
from http import HTTPStatus
from pathlib import Path

from pydantic import ValidationError

from portico.kit.errors import PorticoError
from portico.watch.probes import far, token
from portico.watch.probes.expected import Expectations, Expected, Live
from portico.watch.probes.report import Report
from portico.watch.probes.rota import Rota
from portico.watch.probes.sketch import Sketch
from portico.watch.probes.wire import MOST_BYTES, Other, Post, Sent, Task, Tasks
from portico.watch.watched import Watched

LOT, LOT_S = 6, 60.0
"""Pages besides those of the settings, and for how long all places are given the same ones."""
SKETCHED = 256 << 10
"""A larger body is sent without its sketch."""
SKEW_S = 30.0
"""A report that is older by the watcher's own clock was kept by somebody on the way."""


class Intake:
    """Usable from several threads; nothing that a far place sends is believed but as its word."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._settings = watched.settings.probes
        self._expectations = Expectations(watched)
        self._rota = Rota(tuple(self._settings.pages), LOT)
        self._turn: tuple[float, list[str]] = (0.0, [])
        self._bad: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self._folder: Path = watched.home.watch
        self._token = watched.home.probe_token
        token.provide(self._token)

    def expected(self, shown: str) -> tuple[int, bytes]:
        """The tasks of a far probe as JSON, with the HTTP status."""
        if not token.is_right(shown, self._token):
            return HTTPStatus.UNAUTHORIZED, b""
        status, live = self._watched.status, self._expectations.live()
        if live is None or not status:
            return HTTPStatus.SERVICE_UNAVAILABLE, b""
        try:
            pages = self._pages(live)
        except PorticoError:
            return HTTPStatus.SERVICE_UNAVAILABLE, b""
        tasks = Tasks(
            now=time.time(),
            address=status["address"],
            http=status.get("http") or "",
            every_s=self._settings.every_s,
            timeout_s=self._settings.timeout_s,
            places=tuple(self._settings.places),
            sequences={place: far.sequence(self._folder, place) for place in self._settings.places},
            pages=pages,
        )
        return HTTPStatus.OK, tasks.model_dump_json().encode()

    def take(self, body: bytes, shown: str) -> int:
        """Keep a report; the HTTP status says what became of it."""
        if not token.is_right(shown, self._token):
            return HTTPStatus.UNAUTHORIZED
        if len(body) > MOST_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        try:
            post = Post.model_validate_json(body)
        except ValidationError:
            return HTTPStatus.UNPROCESSABLE_ENTITY
        if post.place not in self._settings.places:
            return HTTPStatus.FORBIDDEN
        with self._lock:
            return self._keep(post, time.time())

    def _keep(self, post: Post, now: float) -> int:
        if abs(now - post.sent_at) > SKEW_S or post.sequence <= far.sequence(self._folder, post.place):
            return HTTPStatus.CONFLICT
        sent_at = min(now, post.sent_at)
        self._bad[post.place] = tuple(path for one in post.reports for path in one.bad)
        far.save(
            self._folder,
            post.place,
            far.Kept(
                [_report(post.place, one, sent_at) for one in post.reports],
                {one.target: dict(one.looks) for one in post.reports},
                post.sequence,
            ),
        )
        return HTTPStatus.NO_CONTENT

    def _pages(self, live: Live) -> tuple[Task, ...]:
        with self._lock:
            bad = [path for found in self._bad.values() for path in found]
            paths = list(dict.fromkeys((*self._lot(live), *bad)))
        return tuple(self._task(self._expectations.expect(live.snapshot, path), live) for path in paths)

    def _lot(self, live: Live) -> list[str]:
        if abs(time.monotonic() - self._turn[0]) > LOT_S or not self._turn[1]:
            root = self._expectations.root(live.snapshot)
            self._turn = (time.monotonic(), self._rota.pages(root, self._expectations.shard))
        return self._turn[1]

    def _task(self, page: Expected, live: Live) -> Task:
        found = self._expectations.others(page.path, live.snapshot)
        others = tuple(
            Other(digest=digest, snapshot=snapshot)
            for digest, snapshot in found
            if digest and digest != page.digest
        )
        sketched = page.digest and page.size <= SKETCHED
        return Task(
            expected=page,
            others=others,
            sketch=self._expectations.sketch(page.digest) if sketched else Sketch(),
        )


def _report(place: str, sent: Sent, at: float) -> Report:
    text = "".join(one for one in sent.sentence if one.isprintable())
    return Report(
        place,
        sent.target,
        sent.what,
        text,
        at - sent.age_s,
        at - sent.since_s,
        sent.fails,
        None if sent.good_s is None else at - sent.good_s,
        dict(sent.phases),
    )
