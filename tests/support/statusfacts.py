"""Facts for the status page: a quiet one, an incident, planned work, nothing measured yet."""

from __future__ import annotations

from dataclasses import replace

from portico.ledger.bulletins import Bulletin, Update
from portico.statuspage import facts
from portico.statuspage.facts import Address, Facts
from portico.watch.uptime import DAY_S, Day, Measured

NOW = 1_763_900_000.0
BASE = "https://status.example.com/"


def days(count: int, bad: dict[int, float] | None = None) -> tuple[Day, ...]:
    """The last so many, today included; `bad` gives the share of good looks of some days ago."""
    today = NOW // DAY_S * DAY_S
    shares = {ago: (bad or {}).get(ago, 1.0) for ago in range(count)}
    return tuple(Day(today - ago * DAY_S, 43200 * shares[ago], 43200) for ago in sorted(shares, reverse=True))


def measured(*, site: float = 60, forms: float = 24, count: int = 90) -> list[Measured]:
    return [
        Measured("site", site, 60, days(count, {3: 0.9992, 41: 0.62, 60: 0.99})),
        Measured("forms", forms, 24, days(min(count, 70), {3: 0.97})),
    ]


def update(number: int, state: str, text: str, ago_s: float) -> Update:
    return Update(number, NOW - ago_s, state, text, "ada")


def incident(number: int, title: str, *updates: Update) -> Bulletin:
    first = updates[0].at
    return Bulletin(number, "incident", title, ("forms",), None, first, None, first, "ada", updates)


OPEN = incident(
    7,
    "Messages from our contact forms arrive late",
    update(11, "investigating", "Messages that you send by our forms reach us later than usual.", 5400),
    update(
        12, "identified", "We know what it is, and are mending it.\n\nNothing that you sent is lost.", 1800
    ),
)
OVER = incident(
    3,
    "Pages loaded slowly",
    update(4, "investigating", "Some pages take several seconds.", 3 * DAY_S + 4000),
    update(5, "resolved", "All pages are as quick as before.", 3 * DAY_S),
)
WORK = Bulletin(
    8,
    "planned",
    "Move to another data centre",
    ("site", "forms"),
    None,
    NOW + 2 * DAY_S,
    NOW + 2 * DAY_S + 7200,
    NOW - 9000,
    "ada",
    (update(14, "planned", "No interruption is expected.", 9000),),
)


def quiet() -> Facts:
    found = facts.parts(measured(), age_s=3, now=NOW, days=90)
    where = Address(BASE, "https://www.example.com/", "mailto:help@example.com")
    spoken = ("en", "de")
    return Facts(NOW, "Example Status", where, found, (OVER,), mail=True, takes_posts=True, languages=spoken)


def in_trouble() -> Facts:
    found = facts.parts(measured(forms=0), age_s=3, now=NOW, days=90)
    return replace(quiet(), parts=found, bulletins=(OPEN, OVER), takes_posts=False)


def before_work() -> Facts:
    return replace(quiet(), bulletins=(WORK, OVER))


def empty() -> Facts:
    return replace(quiet(), parts=(), bulletins=(), mail=False)
