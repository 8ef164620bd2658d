"""What the status page says, as values: judged from what was measured and what people wrote. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portico.ledger.bulletins import INCIDENT, PLANNED, Bulletin
from portico.watch.uptime import DAY_S, Day, Measured

NAMES: Mapping[str, str] = {"site": "Website", "search": "Search", "forms": "Contact forms"}
"""The parts that people know, by their keys, in the order of the page."""

FRESH_S, CLOCK_S = 60.0, 5.0
"""What the watcher wrote longer ago says nothing of now, nor what a clock that was set back dates later."""

DOWN_SHARE = 0.5
LATELY_S = 14 * DAY_S
CURRENT_S = DAY_S
"""So long after its end a bulletin is looked at as news, so its page goes on telling its age."""


class State(StrEnum):
    """How a part is now, by the looks of the last two minutes."""

    WORKS = "works"
    PROBLEMS = "has problems"
    DOWN = "is down"
    UNKNOWN = "isn't measured now"


@dataclass(frozen=True, slots=True)
class Part:
    """`days` are the last ones, the oldest first: the share of good looks, None where unmeasured."""

    key: str
    name: str
    state: State
    days: tuple[float | None, ...]
    uptime: float | None

    @property
    def measured_days(self) -> int:
        return sum(day is not None for day in self.days)


@dataclass(frozen=True, slots=True)
class Address:
    """`base` is where the page is, with a slash at its end; `site` and `support` lead on, if set."""

    base: str
    site: str = ""
    support: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """`at` is when it was measured. `mail` says whether anybody can subscribe by mail at all, `takes_posts`
    whether a form that is sent now would be kept, `mailed` whether there may be mails that lead here.
    """

    at: float
    title: str
    address: Address
    parts: tuple[Part, ...]
    bulletins: tuple[Bulletin, ...]
    old_after_s: float = 300
    timezone: str = "UTC"
    mail: bool = False
    takes_posts: bool = False
    languages: tuple[str, ...] = ("en",)
    mailed: bool = False

    @property
    def today(self) -> float:
        """When this day began: what nothing was said of yet has no time that is nearer."""
        return self.at // DAY_S * DAY_S

    def below(self, language: str) -> str:
        """Where a language's pages begin: nothing for the first, such as `/de` for another."""
        return "" if language == self.languages[0] else f"/{language}"

    def form(self, name: str, language: str) -> str:
        """A form's name in a language."""
        return name if language == self.languages[0] else f"{name}-{language}"

    @property
    def mail_open(self) -> bool:
        return self.mail and self.takes_posts

    @property
    def may_leave(self) -> bool:
        return self.mail or self.mailed

    @property
    def open(self) -> list[Bulletin]:
        """Incidents that go on, the newest first."""
        return [one for one in self.bulletins if one.kind == INCIDENT and not one.over]

    @property
    def planned(self) -> list[Bulletin]:
        """Work that is to come or under way, the next first."""
        found = [one for one in self.bulletins if one.kind == PLANNED and not one.over]
        return sorted(found, key=lambda one: one.starts)

    def going_on(self, part: Part) -> list[Bulletin]:
        """What people say of a part now, which may work by all that is measured."""
        under_way = [one for one in self.planned if one.state == "under way"]
        return [one for one in (*self.open, *under_way) if part.key in one.affected]

    @property
    def past(self) -> list[Bulletin]:
        return [one for one in self.bulletins if one.over]

    @property
    def lately(self) -> list[Bulletin]:
        return [one for one in self.past if self.at - one.changed < LATELY_S]

    def is_current(self, one: Bulletin) -> bool:
        """Whether its page tells the time; the others stay the same bytes from minute to minute."""
        return not one.over or self.at - one.changed < CURRENT_S

    @property
    def headline(self) -> str:
        """The whole in a few words; never why."""
        states = {part.state for part in self.parts}
        site = next((part.state for part in self.parts if part.key == "site"), State.UNKNOWN)
        if site is State.DOWN:
            return "The website can't be reached"
        if states & {State.PROBLEMS, State.DOWN}:
            return "Not everything works"
        if self.open:
            return "There is an open incident"
        if any(one.state == "under way" for one in self.planned):
            return "Planned work is under way"
        if site is State.UNKNOWN:
            return "Nothing is measured at the moment"
        if State.UNKNOWN in states:
            return "What is measured works"
        return "Everything works"

    @property
    def mood(self) -> str:
        """A word for the headline's colour and sign: good, careful, bad or unknown."""
        states = {part.key: part.state for part in self.parts}
        if states.get("site") is State.DOWN:
            return "bad"
        troubled = {State.PROBLEMS, State.DOWN}.intersection(states.values())
        if troubled or self.open or "under way" in {one.state for one in self.planned}:
            return "careful"
        return "unknown" if not states or State.UNKNOWN in states.values() else "good"


def parts(found: Sequence[Measured], *, age_s: float, now: float, days: int) -> tuple[Part, ...]:
    """Of what the watcher measured, `age_s` ago. A part that was never measured isn't named."""
    known = {one.key: one for one in found}
    return tuple(_part(known[key], name, age_s, (now, days)) for key, name in NAMES.items() if key in known)


def _part(one: Measured, name: str, age_s: float, span: tuple[float, int]) -> Part:
    now, count = span
    today = now // DAY_S * DAY_S
    by_day = {day.at: day for day in one.days}
    asked = [by_day.get(today - (count - 1 - number) * DAY_S) for number in range(count)]
    good, total = (sum(getattr(day, side) for day in asked if day) for side in ("good", "total"))
    return Part(
        key=one.key,
        name=name,
        state=_state(one, age_s),
        days=tuple(_share(day) for day in asked),
        uptime=good / total if total else None,
    )


def _share(day: Day | None) -> float | None:
    return day.good / day.total if day and day.total else None


def _state(one: Measured, age_s: float) -> State:
    if not -CLOCK_S <= age_s <= FRESH_S or not one.total:
        return State.UNKNOWN
    bad = 1 - one.good / one.total
    if bad <= 0:
        return State.WORKS
    return State.DOWN if bad >= DOWN_SHARE else State.PROBLEMS
