"""What a far probe and the watcher say to each other, in JSON over HTTP: the tasks, and the reports.

A far clock is not believed: times are ages, and `sent_at` is by the watcher's clock, as the tasks told it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from portico.model import Digest
from portico.watch.answer import What
from portico.watch.probes.expected import Expected
from portico.watch.probes.sketch import Sketch

MOST_BYTES = 65536
"""Of a report; a longer one is refused unread."""

OLDEST_S = 10 * 365 * 86400.0
Age = Annotated[float, Field(ge=0, le=OLDEST_S)]
Path = Annotated[str, Field(max_length=2048, pattern=r"^/")]
Word = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_-]+$")]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Other(_Message):
    """What another snapshot answers to the page."""

    digest: Digest
    snapshot: Digest


class Task(_Message):
    """A page to ask for, and what to tell a wrong answer by."""

    expected: Expected
    others: tuple[Other, ...] = ()
    sketch: Sketch = Sketch()


class Tasks(_Message):
    """`now` by the watcher's clock; `sequences` the last report's number of each place."""

    format: Literal["portico.tasks/1"] = "portico.tasks/1"
    now: float
    address: str
    http: str = ""
    every_s: float
    timeout_s: float
    places: tuple[str, ...] = ()
    sequences: dict[str, int] = Field(default_factory=dict)
    pages: tuple[Task, ...]


class Sent(_Message):
    """One target as the place sees it; `looks` counts by what was seen, since the probe's start.

    `bad` are the pages that were not right; every place looks at them from then on.
    """

    target: Literal["edge", "redirect", "dns", "certificate"]
    what: What
    sentence: Annotated[str, Field(max_length=600)]
    age_s: Age
    since_s: Age
    good_s: Age | None = None
    fails: Annotated[int, Field(ge=0, le=10**9)]
    phases: Annotated[dict[Word, Annotated[float, Field(ge=-1e12, le=1e12)]], Field(max_length=8)]
    looks: Annotated[dict[What, Annotated[int, Field(ge=0, le=10**12)]], Field(max_length=16)]
    bad: Annotated[tuple[Path, ...], Field(max_length=4)] = ()


class Post(_Message):
    """`sequence` grows with each report of a place, so that one that comes again is known."""

    format: Literal["portico.report/1"] = "portico.report/1"
    place: Annotated[str, Field(max_length=16)]
    sequence: Annotated[int, Field(ge=1, le=2**63)]
    sent_at: Annotated[float, Field(allow_inf_nan=False)]
    reports: Annotated[tuple[Sent, ...], Field(min_length=1, max_length=4)]
