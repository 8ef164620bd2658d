"""What nobody means to ask is refused in words, and breaks nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.requests import Request

from portico.console import span
from portico.console.desk import Desk
from portico.console.page import Page, Told
from portico.console.pages import table
from portico.kit.errors import PorticoError, UnavailableError
from portico.ledger.ledger import Ledger
from support import consoles
from support.consoles import NOW

HUGE = "9" * 20
METRIC = "metric=portico_edge_requests_total"
ODD = (
    f"/data/series?{METRIC}&points=%C2%B2",
    f"/data/series?{METRIC}&points={'9' * 5000}",
    f"/data/series?{METRIC}&from=1e15&to=1000000000000001",
    f"/metrics?{METRIC}&from=1e15&to=1000000000000001",
    f"/metrics?{METRIC}&from=nan&to=inf",
    "/events?before=%C2%B2",
    f"/events?before={HUGE}",
    f"/events?after={'9' * 5000}",
    "/events?since=0001-01-01",
    "/events?since=nan",
    f"/orders/{HUGE}",
    f"/orders/{'9' * 5000}",
    "/orders/999999999999999999",
    f"/incidents/{HUGE}",
    f"/publishes/{HUGE}",
    f"/statuspage/{HUGE}",
    f"/-/live/orders/{'9' * 5000}",
    "/diff?before=%00&after=%00",
    "/diff?before=../../x",
    "/clusters/%00",
    "/alerts/%00",
    "/drills/%00",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with consoles.told(tmp_path_factory.mktemp("odd"), "quiet") as made:
        yield made


@pytest.mark.parametrize("address", ODD, ids=lambda address: address[:50])
def test_an_odd_address_is_refused(desk: Desk, address: str):
    answer = consoles.client(desk, raises=False).get(address)
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/traffic?span=bad", 400, "Not understood"),
        ("/clusters/a?from=5&to=1", 400, "Not understood"),
        (f"/metrics?{METRIC}&label=door", 404, "Not here"),
        ("/metrics?metric=portico_zz", 404, "Not here"),
        ("/clusters/z9", 404, "Not here"),
        ("/runbooks/none", 404, "Not here"),
    ],
)
def test_what_is_wrong_with_an_address_is_told_from_what_is_not_there(
    desk: Desk, address: str, status: int, title: str
):
    answer = consoles.client(desk).get(address)
    assert (answer.status_code, f"<h1>{title}</h1>" in answer.text) == (status, True)


def test_what_can_not_be_read_now_is_not_called_missing(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def look(_desk: Desk, _request: Request) -> Told:
        raise UnavailableError("the numbers lie on a disk that doesn't answer")

    page = Page("lost", "/lost", "Lost", "settings/page.html", look)
    monkeypatch.setattr(table, "PAGES", (*table.PAGES, page))
    answer = consoles.client(desk).get("/lost")
    assert answer.status_code == 503
    assert "a disk that doesn&#39;t answer" in answer.text
    assert "Load it again in a moment" in answer.text


def test_a_number_that_the_database_can_not_keep_is_no_number_of_anything(desk: Desk):
    ledger: Ledger = desk.ledger
    with pytest.raises(PorticoError, match="too large"):
        ledger.get_order(2**63)
    with pytest.raises(PorticoError, match="too large"):
        ledger.ask("SELECT ?", (2**63,))


def test_a_time_stands_at_most_a_year_ahead():
    assert span.of({"from": str(NOW), "to": str(NOW + 86_400)}, NOW).seconds == 86_400
    with pytest.raises(PorticoError, match="within a year"):
        span.of({"from": str(NOW), "to": str(NOW + 400 * 86_400)}, NOW)
