"""What a journey is told and what it tells, as values; both cross the border of a process as JSON lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portico.config.visitors import Journey
from portico.watch.door import Door

PAGE, SEARCH, FORM = "page", "search", "form"
STEPS = (PAGE, SEARCH, FORM)


class Result(StrEnum):
    WENT = "went"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Plan:
    """`address` is the site's, without a slash at its end; `at` where it is reached from here: `host:port`.

    What is None is looked for. `picture` is the file for what is seen when a step fails.
    """

    address: str
    at: str | None
    start: str
    search: str | None
    words: str | None
    form: str | None
    picture: str


@dataclass(frozen=True, slots=True)
class Step:
    """`why` says what went wrong, or why the step was left out."""

    name: str
    result: Result
    seconds: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Walked:
    """A whole journey. Without any step `why` says why it was none."""

    steps: tuple[Step, ...] = ()
    why: str = ""

    @property
    def result(self) -> Result:
        results = {step.result for step in self.steps}
        if Result.FAILED in results:
            return Result.FAILED
        return Result.WENT if Result.WENT in results else Result.SKIPPED

    @property
    def told(self) -> str:
        """The reason of the first step that failed, else why it was none."""
        failed = next((step for step in self.steps if step.result is Result.FAILED), None)
        return f"{failed.name}: {failed.why}" if failed else self.why


def plan(asked: Journey, door: Door, picture: str) -> Plan:
    at = door.at and f"{_bracketed(door.at[0])}:{door.at[1]}"
    return Plan(door.address.rstrip("/"), at, asked.start, asked.search, asked.words, asked.form, picture)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
