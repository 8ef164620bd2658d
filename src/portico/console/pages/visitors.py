"""How fast pages are for real visitors, beside what the probes and our own browser see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from portico.board import words
from portico.console import data
from portico.console.desk import Desk
from portico.console.page import Page, Told
from portico.console.pictures import address as address_of_picture
from portico.kit.errors import PorticoError
from portico.watch import signal
from portico.watch.collect import edge_log, vitals
from portico.watch.collect import journey as journeys
from portico.watch.journey import guide
from portico.watch.journey.plan import PAGE
from portico.watch.probes import metrics as probes
from portico.watch.probes.report import EDGE
from portico.watch.series.read import Reader
from portico.watch.visitors import quartile, standing
from portico.watch.visitors.quartile import Tallies
from portico.watch.visitors.standing import Standing
from portico.watch.visitors.vitals import DEVICES, FIRST_BYTE, VITALS, Rating, Vital

PLURALS = {"phone": "Phones", "desktop": "Desktops"}
TONES = {Rating.GOOD: "good", Rating.FAIR: "fair", Rating.POOR: "bad", Rating.UNKNOWN: "none"}
WORDS = {Rating.GOOD: "good", Rating.FAIR: "not good", Rating.POOR: "poor", Rating.UNKNOWN: "too few"}
HOUR_S = 3600.0
COURSES = [
    {"url": f"{data.PATH}?metric={vitals.QUARTILE.name}&label=device%3D{one}&span=30d", "every_s": 300}
    for one in DEVICES
]
"""What the charts ask for."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A vital of some visits; `value` is None where fewer than `least` told. `shares`: good, fair, poor."""

    vital: Vital
    value: float | None
    visits: int
    least: int
    shares: Sequence[float]

    @property
    def tone(self) -> str:
        return TONES[self.vital.rating(self.value)]

    @property
    def word(self) -> str:
        return WORDS[self.vital.rating(self.value)]

    @property
    def said(self) -> str:
        return words.NOTHING if self.value is None else self.vital.said(self.value)

    @property
    def spread(self) -> str:
        """The bar in words."""
        good, fair, poor = (f"{share:.0%}" for share in self.shares)
        return f"{good} of the visits good, {fair} between, {poor} poor"


@dataclass(frozen=True, slots=True)
class Beside:
    """The first byte, as somebody else measured it in the last hour."""

    who: str
    seconds: float | None
    note: str


def look(desk: Desk, request: Request) -> Told:
    device = request.query_params.get("device", "")
    if device and device not in DEVICES:
        raise PorticoError(f"there is no device {device!r}", hint="phone or desktop, or leave it out")
    known, least = _standing(desk), desk.settings.visitors.least
    return {
        "known": known,
        "asked": desk.settings.visitors,
        "vitals": VITALS,
        "devices": [(PLURALS[one], _rows(known, one, least)) for one in DEVICES] if known else [],
        "kinds": kinds(known.month, least, device) if known else [],
        "device": device,
        "choices": [("", "All"), *PLURALS.items()],
        "beside": list(beside(desk, known)),
        "journey": _journey(desk),
        "journey_asked": desk.settings.journey,
        "courses": COURSES,
        "pictures": [address_of_picture(one) for one in guide.pictures(desk.home.journey)],
    }


def cell(tallies: Tallies, vital: Vital, least: int, *, device: str = "", kind: str = "") -> Cell:
    """Pure."""
    buckets = quartile.over(tallies, vital=vital.name, device=device, kind=kind)
    shares = buckets.shares((vital.good, vital.poor))
    return Cell(vital, quartile.of(buckets, least), buckets.visits, least, shares)


def kinds(tallies: Tallies, least: int, device: str = "") -> list[tuple[str, list[Cell]]]:
    """By kind of page, the most visited first. Pure."""
    rows = [
        (kind, [cell(tallies, vital, least, device=device, kind=kind) for vital in VITALS])
        for kind in {kind for _, of_device, kind in tallies if device in {"", of_device}}
    ]
    return sorted(rows, key=lambda row: (-max(one.visits for one in row[1]), row[0]))


def beside(desk: Desk, known: Standing | None) -> Iterator[Beside]:
    """Who waits how long for the first byte: visitors, probes, the edge; and our own browser for a page."""
    least = desk.settings.visitors.least
    told = cell(known.day, FIRST_BYTE, least) if known else None
    yield Beside(
        "Visitors' browsers", told.value if told else None, "three of four visits of the last 24 h, or better"
    )
    probe = signal.of(probes.DURATION.name, 0, place="here", target=EDGE, phase="first_byte").key
    yield Beside("Probes", mean(desk.series, probe, desk.now), "beside the site, the last hour's mean")
    edge = signal.of(edge_log.MEAN.name, 0).key
    yield Beside("The edge", mean(desk.series, edge, desk.now), "by its own clock, the last hour's mean")
    step = signal.of(journeys.SECONDS.name, 0, step=PAGE).key
    note = "the whole first page, loaded; the last hour's mean"
    yield Beside("Our own browser", mean(desk.series, step, desk.now), note)


def mean(series: Reader, key: str, now: float) -> float | None:
    rows = series.query(key, now - HOUR_S, now, points=12).rows
    count = sum(row.count for row in rows)
    return sum(row.sum for row in rows) / count if count else None


def _rows(known: Standing, device: str, least: int) -> list[tuple[Cell, Cell]]:
    """Each vital's day and its four weeks."""
    return [
        (cell(known.day, vital, least, device=device), cell(known.month, vital, least, device=device))
        for vital in VITALS
    ]


def _standing(desk: Desk) -> Standing | None:
    seen = desk.ledger.seen(standing.SEEN)
    return standing.of_json(seen[0]) if seen else None


def _journey(desk: Desk) -> Mapping[str, Any] | None:
    seen = desk.ledger.seen(journeys.SEEN)
    return seen[0] if seen else None


PAGES = (
    Page(
        "visitors",
        "/visitors",
        "Visitors",
        "visitors/page.html",
        look,
        live=("visitors-vitals", "visitors-journey"),
        every_s=10.0,
        menu="Visitors",
    ),
)
