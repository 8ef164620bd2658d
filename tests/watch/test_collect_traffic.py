"""Who asks for what: a bounded number of series from a real edge's sample, nothing of a single visitor."""

from __future__ import annotations

import random
import socket
from pathlib import Path

import pytest

from portico.edge import logged
from portico.edge.logged import Line
from portico.model import Entry
from portico.store.layout import Store
from portico.watch.collect import asked, tally
from portico.watch.collect.edge_log import EdgeLogCollector
from portico.watch.collect.seats import Seats
from portico.watch.collect.tally import Tally
from portico.watch.probes import visit
from portico.watch.registry import unjudged
from support import collecting, echoing, edging, snapshots
from support.edging import BROWSER, Edge

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def line(path: str = "/", status: int = 200, *, bot: bool = False, country: str = "") -> Line:
    return Line(0.001, "a1", status, path, bot, country)


def counted(found: Tally, now: float = 0.0) -> dict[str, float]:
    list(found.signals(now))
    return {signal.key: signal.value for signal in found.signals(now)}


def told(edge: Edge, path: str, **headers: str) -> Line:
    """The first line that the real edge tells of such a request."""
    edge.home.edge_log_socket.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as lines:
        lines.bind(str(edge.home.edge_log_socket))
        edge.home.edge_log_socket.chmod(0o666)
        lines.setblocking(False)
        connection, found = edge.connect(), []

        def asks() -> bool:
            for _ in range(8):
                edging.ask(connection, path, headers={"accept-encoding": BROWSER, **headers})
            try:
                found.append(lines.recv(logged.LARGEST))
            except BlockingIOError:
                return False
            return True

        edging.until(asks, "a line")
    parsed = logged.parse(found[0])
    assert parsed, found
    return parsed


def test_a_real_edge_tells_path_status_kind_of_visitor_and_country_and_no_more(tmp_path: Path):
    with (
        edging.prepared(tmp_path, servers=edging.servers("a1"), country_header="cf-ipcountry") as edge,
        echoing.replica(tmp_path, "a1"),
    ):
        edge.start()
        seen = told(edge, "/page?token=secret", user_agent=FIREFOX, cf_ipcountry="DE")
        assert (seen.path, seen.status, seen.bot, seen.country) == ("/page", 200, False, "DE")
        seen = told(edge, "/status/404", user_agent=GOOGLE, cf_ipcountry="Mars, the planet")
        assert (seen.path, seen.status, seen.bot, seen.country) == ("/status/404", 404, True, "")
        assert told(edge, "/page").bot
        assert told(edge, "/page", user_agent="").bot
        assert told(edge, f"/{'x' * 900}", user_agent="bot" * 900).path == f"/{'x' * 254}"


def test_who_was_refused_is_told_without_a_time(tmp_path: Path):
    with edging.prepared(tmp_path, servers=edging.servers("a1")) as edge:
        edge.start()
        seen = told(edge, "/page", user_agent=FIREFOX, host="elsewhere.example")
        assert (seen.waited, seen.status, seen.bot) == (None, 421, False)


@pytest.mark.parametrize("word", logged.BOT_WORDS)
def test_the_words_stand_in_a_regular_expression_as_they_are(word: str):
    assert set(word) <= set("abcdefghijklmnopqrstuvwxyz-/:")


def test_our_own_probes_are_programs():
    assert any(word in visit.AGENT.lower() for word in logged.BOT_WORDS)


def test_a_page_is_named_by_its_path_and_all_else_by_its_kind():
    def entry(kind: str, digest: str = "d" * 64, status: int = 200) -> Entry:
        return Entry(status, (("content-type", kind),), digest, 1)

    assert asked.named("/about/", entry("text/html; charset=utf-8")) == "/about/"
    assert asked.named("/app.js", entry("text/javascript")) == "styles and scripts"
    assert asked.named("/logo.svg", entry("image/svg+xml")) == "pictures"
    assert asked.named("/report.pdf", entry("application/pdf")) == "other files"
    assert asked.named("/old", entry("", digest="", status=301)) == "redirects"


def test_a_path_is_looked_up_in_what_is_live(tmp_path: Path):
    keys, store = snapshots.keys(tmp_path), Store(tmp_path / "store").create()
    page = (snapshots.HTML, b"<h1>Hello</h1>")
    snapshot = snapshots.build(store, keys.private, {"/": page, "/über/": page})
    found = asked.Asked(store, keys.public, lambda: snapshot)
    assert found.name("/", 200) == "other files"
    found.look()
    assert found.name("/", 200) == "/"
    assert found.name("/%C3%BCber/", 200) == "/über/"
    assert found.name("/wp-login.php", 404) == "not of the site"
    assert found.name("/über", 308) == "redirects"
    assert found.name("/-/intake/contact", 303) == "forms and beacons"


def test_a_series_begins_with_nothing_so_that_its_first_request_counts():
    found = Tally(lambda path, _: path, countries=False)
    found.note(line("/news/"))
    key = 'portico_traffic_pages_total{code="2xx",page="/news/"}'
    assert {s.key: s.value for s in found.signals(0.0)}[key] == 0
    assert {s.key: s.value for s in found.signals(0.0)}[key] == 1


def test_people_and_programs_and_countries_are_counted_apart():
    found = Tally(lambda path, _: path, countries=True)
    for one in (line(country="DE"), line(country="DE", bot=True), line(status=404), line(status=299)):
        found.note(one)
    numbers = counted(found)
    assert numbers['portico_traffic_visitors_total{code="2xx",visitor="person"}'] == 2
    assert numbers['portico_traffic_visitors_total{code="2xx",visitor="program"}'] == 1
    assert numbers['portico_traffic_countries_total{country="DE"}'] == 2
    assert numbers['portico_traffic_countries_total{country="unknown"}'] == 2
    assert numbers['portico_traffic_statuses_total{status="404"}'] == 1
    assert numbers['portico_traffic_statuses_total{status="other"}'] == 1


def test_without_a_header_there_are_no_countries():
    found = Tally(lambda path, _: path, countries=False)
    found.note(line(country="DE"))
    assert not any("countries" in key for key in counted(found))


def test_there_are_never_more_series_than_the_budget_whatever_visitors_do():
    chance = random.Random(1)
    found = Tally(lambda path, _: path, countries=True)
    for hour in range(30):
        for _ in range(2000):
            country = "".join(chance.choices("ABCDEFGHIJ", k=2))
            path = f"/{chance.randrange(300 * (hour + 1))}"
            found.note(line(path, chance.randrange(100, 600), bot=chance.random() < 0.5, country=country))
        assert len(counted(found, hour * 3600.0)) <= tally.BUDGET


def test_no_detector_learns_a_breakdown():
    assert {metric.name for metric in tally.METRICS} <= unjudged()


def test_seats_go_to_who_is_asked_for_and_change_hands_slowly():
    seats = Seats(3, changes=1)
    assert all(seats.take(name) for name in ("a", "b", "c"))
    assert not seats.take("d")
    for name, times in (("a", 9), ("b", 5), ("c", 2), ("d", 10), ("e", 8)):
        for _ in range(times):
            seats.take(name)
    assert seats.reseat() == ["c"]
    assert seats.seated == {"a", "b", "d"}
    assert not seats.take("c")


def test_a_newcomer_who_is_asked_for_little_more_takes_no_seat():
    seats = Seats(1)
    for name in ("a", "a", "b", "b", "b"):
        seats.take(name)
    assert seats.reseat() == []


def test_the_collector_counts_pages_of_a_real_edge(tmp_path: Path):
    with (
        edging.prepared(tmp_path, servers=edging.servers("a1")) as edge,
        echoing.replica(tmp_path, "a1"),
        collecting.watched(tmp_path) as watched,
    ):
        edge.start()
        collector = EdgeLogCollector(watched)
        try:
            collecting.numbers(collector)
            connection = edge.connect()
            key = 'portico_traffic_visitors_total{code="2xx",visitor="person"}'

            def counts() -> bool:
                for _ in range(32):
                    edging.ask(connection, "/secret", headers={"user-agent": FIREFOX})
                return collecting.numbers(collector).get(key, 0) > 0

            edging.until(counts, "a person")
        finally:
            collector.close()
