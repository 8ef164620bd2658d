"""Who asks for what: exact totals by HAProxy's counters, breakdowns by the edge's sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from portico.board.breakdown import Asked, Breakdown, Counted
from portico.edge import logged
from portico.watch.collect import edge, tally
from portico.watch.collect.asked import KINDS
from portico.watch.series.read import Reader

SENT = "portico_edge_sent_bytes_total"
BROKEN = "5xx"

Wanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """`share` is that of all that was counted; `requests` are about so many, of a sample."""

    name: str
    requests: float
    share: float
    missing: float = 0.0
    broken: float = 0.0
    told: str = ""


@dataclass(frozen=True, slots=True)
class Traffic:
    """`requests`, `broken` and `refused` are exact; everything in rows is about so many."""

    requests: float
    refused: float
    broken: float
    octets: float
    hits: float | None
    pages: tuple[Row, ...] = ()
    kinds: tuple[Row, ...] = ()
    statuses: tuple[Row, ...] = ()
    visitors: tuple[Row, ...] = ()
    countries: tuple[Row, ...] = ()

    @property
    def sampled(self) -> bool:
        return bool(self.statuses)


def of(series: Reader, asked: Asked) -> Traffic:
    counted = Breakdown(series, asked).of
    answers = counted(edge.RESPONSES.name, "code", door="https")
    pages = counted(tally.PAGE.name, "page", "code")
    visitors = counted(tally.VISITOR.name, "visitor", "code")
    requests = answers.total()
    found = counted(edge.HITS.name).total()
    return Traffic(
        requests,
        answers.total("4xx"),
        answers.total(BROKEN),
        counted(SENT, door="https").total(),
        min(1.0, found / requests) if requests and found else None,
        pages=rows(pages, lambda name: name not in KINDS and name != tally.OTHER_PAGES),
        kinds=rows(pages, lambda name: name in KINDS or name == tally.OTHER_PAGES),
        statuses=tuple(_status(row) for row in rows(counted(tally.STATUS.name, "status"))),
        visitors=rows(visitors),
        countries=rows(counted(tally.COUNTRY.name, "country")),
    )


def rows(counted: Counted, wanted: Wanted = lambda _: True) -> tuple[Row, ...]:
    """The first label's values, the largest first; classes of the second are told beside. Pure."""
    whole = counted.total() or 1.0
    return tuple(
        Row(
            name,
            _about(counted.total(name)),
            counted.total(name) / whole,
            _about(counted.total(name, "4xx")),
            _about(counted.total(name, BROKEN)),
        )
        for name in counted.values()
        if wanted(name)
    )


def _about(sampled: float) -> float:
    return round(sampled * logged.ONE_OF)


def _status(row: Row) -> Row:
    """With the status in words."""
    try:
        told = HTTPStatus(int(row.name)).phrase
    except ValueError:
        told = "any other"
    return Row(row.name, row.requests, row.share, row.missing, row.broken, told)
