"""Now and then a browser goes a visitor's way; this sends it, and tells how it went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.journey import guide
from portico.watch.journey.guide import Guide
from portico.watch.journey.plan import Plan, Result, Walked, plan
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

SEEN = "journey"
"""Under which the ledger tells the console of the last one."""

FIRST_S = 60.0
"""A stack that begins has other things to do."""

LAST = 48
"""So many journeys are told of."""

_LABELS = ("step",)
STEP = Metric(
    "portico_journey_step_up",
    Kind.GAUGE,
    "",
    "1 when this step of the last journey went well; nothing when it was left out.",
    "journey",
    _LABELS,
)
SECONDS = Metric(
    "portico_journey_step_seconds",
    Kind.GAUGE,
    "seconds",
    "How long this step of the last journey took, the browser's own work included.",
    "journey",
    _LABELS,
)
FAILED = Metric("portico_journey_failed", Kind.GAUGE, "", "Journeys that failed in a row.", "journey")
BLOCKED = Metric(
    "portico_journey_blocked",
    Kind.GAUGE,
    "",
    "1 when as many journeys failed in a row as make a finding.",
    "journey",
)


@dataclass(slots=True)
class Diary:
    """What is known of the journeys; `last` are (when, result, seconds), the newest at the end."""

    walked: Walked = field(default_factory=Walked)
    at: float = 0.0
    failed: int = 0
    picture: str = ""
    last: list[list[Any]] = field(default_factory=list)

    def note(self, walked: Walked, at: float, picture: str) -> None:
        """A journey that could not be gone neither goes well nor fails."""
        self.walked, self.at, self.picture = walked, at, picture
        if walked.result is not Result.SKIPPED:
            self.failed = self.failed + 1 if walked.result is Result.FAILED else 0
        seconds = sum(step.seconds for step in walked.steps)
        self.last = [*self.last, [at, walked.result, round(seconds, 2)]][-LAST:]

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "result": self.walked.result,
            "why": self.walked.told,
            "steps": [asdict(step) for step in self.walked.steps],
            "failed": self.failed,
            "picture": self.picture,
            "last": self.last,
        }


def diary(told: Mapping[str, Any] | None) -> Diary:
    """Where an earlier watcher was."""
    return Diary(failed=told["failed"], last=list(told["last"]), at=told["at"]) if told else Diary()


class JourneyCollector(Base):
    """Gives at each look what the last journey told; the next one is under way in a process of its own."""

    name = "journey"
    metrics = (STEP, SECONDS, FAILED, BLOCKED)

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._asked = watched.settings.journey
        seen = watched.ledger.seen(SEEN)
        self._diary = diary(seen[0] if seen else None)
        self._guide = Guide()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="journey")
        self._walking: Future[Walked] | None = None
        self._picture = ""
        self._due: float | None = None

    def collect(self, now: float, /) -> Iterator[Signal]:
        if not self._asked.enabled:
            return
        if self._walking and self._walking.done():
            ended, self._walking = self._walking, None
            self._note(ended.result(), now)
        if not self._walking and self._is_due(now):
            self._set_out(now)
        yield from signals(self._diary, self._asked.fails)

    def close(self) -> None:
        self._guide.end()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _is_due(self, now: float) -> bool:
        """Soon after the watcher's start, then each while; also where the clock was set back."""
        if self._due is None or self._due - now > self._asked.every_s:
            self._due = now + min(FIRST_S, self._asked.every_s)
        return now >= self._due

    def _set_out(self, now: float) -> None:
        self._due = now + self._asked.every_s
        made = self._plan(now)
        if made:
            self._walking = self._pool.submit(self._guide.walk, made, self._asked.timeout_s)

    def _plan(self, now: float) -> Plan | None:
        """None while nothing is published."""
        status = self._watched.status
        if not status or not status.get("address") or not status.get("snapshot"):
            return None
        folder = self._watched.home.journey
        folder.mkdir(parents=True, exist_ok=True)
        self._picture = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H-%M-%S}.jpg"
        return plan(self._asked, self._watched.door(status["address"]), str(folder / self._picture))

    def _note(self, walked: Walked, now: float) -> None:
        folder = self._watched.home.journey
        taken = self._picture if (folder / self._picture).exists() else ""
        guide.forget(folder, self._asked.keep)
        self._diary.note(walked, now, taken)
        self._watched.ledger.see(SEEN, self._diary.as_json())


def signals(diary: Diary, fails: int) -> Iterator[Signal]:
    """Nothing before the first journey, and of one that could not be gone no steps."""
    if not diary.last:
        return
    yield signal.of(FAILED.name, diary.failed)
    yield signal.of(BLOCKED.name, diary.failed >= fails)
    for step in diary.walked.steps:
        if step.result is not Result.SKIPPED:
            yield signal.of(STEP.name, step.result is Result.WENT, step=step.name)
            yield signal.of(SECONDS.name, step.seconds, step=step.name)
