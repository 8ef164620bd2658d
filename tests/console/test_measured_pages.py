"""The pages of what was measured and what happened, over stacks on paper."""

from __future__ import annotations

import csv
import html
import io
import json
from pathlib import Path

import pytest

from portico.config.models import Settings
from portico.console import span
from portico.console.pages import events, metrics, settings, table
from portico.kit.errors import PorticoError
from portico.ledger import paging
from portico.ledger.paging import Wanted
from portico.operators.operator import Role
from support import consoles, edging
from support.consoles import NOW, Let
from support.paperstack import TOML

PAGES = ("/traffic", "/latency", "/clusters", "/metrics", "/events", "/settings")
PARTS = ("a", "a1", "mirror", "edge", "console")
ALONE = [page.path for page in table.PAGES if "{" not in page.path and page.name != "diff"]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory):
    with consoles.told(tmp_path_factory.mktemp("quiet")) as desk:
        yield desk


@pytest.fixture(scope="module")
def client(quiet):
    return consoles.client(quiet)


def data(client, **query):
    return client.get("/data/series", params=query)


@pytest.mark.parametrize("story", ["empty", "fresh", "keeper_dead", "incident"])
def test_each_page_has_something_to_say_in_each_story(tmp_path: Path, story: str):
    with consoles.told(tmp_path, story) as desk:
        client = consoles.client(desk)
        for path in PAGES:
            assert client.get(path).status_code == 200, path


def test_traffic_tells_pages_statuses_visitors_and_countries(client):
    page = client.get("/traffic").text
    for told in ("/leistungen/", "styles and scripts", "Not Found", "program", "DE"):
        assert told in page
    assert "one request in 16" in page


def test_without_a_header_the_page_tells_how_countries_are_had(tmp_path: Path):
    with consoles.told(tmp_path, "fresh") as desk:
        page = consoles.client(desk).get("/traffic").text
        assert "Nobody asked for anything in this time" in page


def test_latency_draws_what_was_measured_and_tells_it_in_words(client):
    page = client.get("/latency?span=1h").text
    assert page.count("<rect") > 100
    assert "the edge&#39;s cache" in page or "the edge's cache" in page
    assert "99 % promised" in page
    assert "style=" not in page


def test_clusters_tell_each_replica_and_lead_to_its_page(client):
    page = client.get("/clusters").text
    for name in ("a1", "a2", "b1", "b2", "mirror", "keeper"):
        assert f'href="/clusters/{name}"' in page
    assert "holds what is live" in page


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_a_page_with_its_events(client, part: str):
    answer = client.get(f"/clusters/{part}")
    assert answer.status_code == 200
    if part == "a1":
        assert "replica.died" in answer.text


def test_a_part_that_there_is_not_is_told(client):
    answer = client.get("/clusters/z9")
    assert answer.status_code == 404
    assert "z9" in answer.text


def test_a_dead_cluster_is_shown_as_down(tmp_path: Path):
    with consoles.told(tmp_path, "incident") as desk:
        page = consoles.client(desk).get("/clusters/b").text
        assert "down" in page


def test_metrics_are_found_by_words_of_name_and_help(client):
    page = client.get("/metrics", params={"q": "memory holds"}).text
    assert "portico_process_resident_memory_bytes" in page
    assert "portico_edge_requests_total" not in page
    assert "No metric is like this" in client.get("/metrics?q=zzz").text


def test_a_metric_is_shown_with_the_numbers_behind_it(client):
    page = client.get("/metrics?metric=portico_edge_responses_total&label=code%3D5xx&span=1h").text
    assert "The numbers behind it" in page
    assert "2xx</a>" not in page
    assert 'value="code=5xx" selected' in page


def test_a_link_to_a_very_time_shows_the_same_later(quiet, client):
    clock = consoles.clock(quiet)
    address = f"/metrics?metric=portico_edge_requests_total&from={NOW - 600:.0f}&to={NOW - 60:.0f}"
    before = client.get(address).text.split("The numbers behind it")[1]
    clock.now += 3600
    try:
        assert client.get(address).text.split("The numbers behind it")[1].count("<tr>") == before.count(
            "<tr>"
        )
    finally:
        clock.now = NOW


@pytest.mark.parametrize("path", [*ALONE, "/clusters/a", "/clusters/a1", "/clusters/edge"])
def test_each_page_can_be_opened_for_a_time_of_its_own(quiet, path):
    """Those that show no time leave it aside."""
    query = {"from": NOW - 1200, "to": NOW - 600, "metric": "portico_edge_requests_total"}
    answer = consoles.client(quiet, gate=Let(Role.ADMIN)).get(path, params=query)
    assert answer.status_code == 200, answer.text
    if 'class="spans"' in answer.text:
        assert "aria-current" not in answer.text.split('class="spans"')[1].split("</nav>")[0]


def test_a_chart_gets_lines_named_by_what_differs(client):
    told = data(client, metric="portico_edge_responses_total", label="door=https", span="1h").json()
    assert [line["label"] for line in told["series"]] == ["2xx", "3xx", "4xx", "5xx"]
    assert told["unit"] == "/s"
    assert all(len(line["at"]) == len(line["value"]) > 10 for line in told["series"])


def test_no_more_series_are_read_than_are_drawn_and_no_file_lacks_some(client, monkeypatch):
    metric = "portico_edge_responses_total"
    every = data(client, metric=metric).json()
    count = len(every["series"]) + every["left_out"]
    monkeypatch.setattr("portico.console.lines.MOST", 2)
    monkeypatch.setattr("portico.console.data.IN_A_FILE", 3)
    told = data(client, metric=metric).json()
    assert (len(told["series"]), told["left_out"]) == (2, count - 2)
    assert f"{count - 2} more series are left out" in client.get(f"/metrics?metric={metric}").text
    file = data(client, metric=metric, **{"as": "csv"})
    assert (file.status_code, "choose a label" in file.text) == (400, True)
    assert len(data(client, metric="portico_edge_request_duration_seconds").json()["series"]) == 2


def test_what_is_told_of_a_part_is_of_late(quiet, client, monkeypatch):
    assert "replica.died" in client.get("/clusters/a1").text
    monkeypatch.setattr("portico.console.pages.clusters.AMONG", 0)
    assert "Nothing happened to it of late" in client.get("/clusters/a1").text


def test_a_histogram_is_told_by_its_quantiles(client):
    told = data(client, metric="portico_edge_request_duration_seconds").json()
    assert [line["label"] for line in told["series"]] == ["p50", "p90", "p99"]
    assert told["unit"] == "s"


def test_one_series_can_be_had_alone_and_as_a_file(client):
    key = 'portico_edge_responses_total{code="2xx",door="https"}'
    told = data(client, metric="portico_edge_responses_total", key=key).json()
    assert [line["key"] for line in told["series"]] == [key]
    file = client.get(
        "/data/series", params={"metric": "portico_edge_responses_total", "key": key, "as": "csv"}
    )
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert {row["series"] for row in rows} == {key}
    assert "attachment" in file.headers["content-disposition"]


@pytest.mark.parametrize(
    "query",
    [
        {"metric": "portico_zz"},
        {"metric": "portico_edge_requests_total", "span": "forever"},
        {"metric": "portico_edge_requests_total", "points": "1000000"},
        {"metric": "portico_edge_requests_total", "from": "5", "to": "1"},
        {"metric": "portico_edge_requests_total", "from": "now"},
        {"metric": "portico_edge_requests_total", "label": "door"},
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_what_was_expected(client, query):
    answer = data(client, **query)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_metric_of_which_nothing_is_kept_yet_is_an_empty_chart(client):
    assert data(client, metric="portico_edge_queue").json()["series"] == []


def test_numbers_are_for_those_who_signed_in(quiet):
    gate = Let()
    gate.who_is = None
    assert data(consoles.client(quiet, gate=gate), metric="portico_edge_requests_total").status_code == 401


def test_a_gap_in_time_is_no_line(client, tmp_path: Path):
    with consoles.told(tmp_path, "keeper_dead") as desk:
        told = data(consoles.client(desk), metric="portico_edge_requests_total", span="1d").json()
        assert None in told["series"][0]["value"]


def test_events_are_filtered_and_paged_without_losing_the_filter(client):
    page = client.get("/events", params={"kind": "publish."}).text
    assert "publish.step" in page
    assert 'id="event-1"' not in page
    older = client.get("/events").text.split('rel="next" href="')[1].split('"')[0]
    assert client.get(older.replace("&amp;", "&")).status_code == 200
    assert "Nothing like this happened" in client.get("/events?text=zzz").text


def test_a_page_of_events_says_how_many_came_since_it_was_loaded(tmp_path: Path):
    with consoles.told(tmp_path) as desk:
        client = consoles.client(desk)
        last = paging.last_seq(desk.ledger)
        page = client.get("/events?kind=live").text
        assert f'data-from="/live/events?kind=live&amp;seen={last}"' in page
        assert "since this page was loaded" not in page
        for _ in range(3):
            desk.ledger.record("replica.died", "a1")
        page = client.get(f"/events?kind=live&seen={last}").text
        assert '3 events happened since this page was loaded. <a href="/events?kind=live">' in page


def test_a_broken_chain_is_told_on_the_page_of_events(tmp_path: Path):
    with consoles.told(tmp_path) as desk:
        desk.ledger.ask("DROP TRIGGER events_are_never_changed")
        desk.ledger.ask("UPDATE events SET data = '{}' WHERE seq = 7")
        page = consoles.client(desk).get("/events?check=1").text
        assert "The chain is broken at event 7" in page


def test_a_long_chain_is_checked_behind_the_page(quiet):
    checks = events.Checks(at_once=5)
    edging.until(lambda: checks.of(quiet, anew=False), "the chain to be checked")
    assert checks.of(quiet, anew=False).found.broken is None


def test_an_event_leads_to_the_page_that_tells_more(quiet):
    rows = events.told(quiet.ledger.events(), quiet.zone)
    hrefs = {(row.event.kind, row.event.subject): row.href for row in rows}
    assert hrefs["replica.died", "a1"] == "/clusters/a1"
    assert hrefs["incident.acknowledged", "1"] == "/incidents/1"
    assert hrefs["drill", "edge"] == hrefs["drill.began", "edge"] == "/drills/edge"
    published = next(row for row in rows if row.event.kind == "live")
    assert published.href == f"/publishes/{published.event.data['order']}"
    client = consoles.client(quiet)
    assert {client.get(row.href).status_code for row in rows if row.href} == {200}


def test_settings_tell_where_each_value_comes_from_and_hide_what_is_secret(tmp_path: Path):
    secret = "tok3n-of-a-channel"
    toml = f"""
[slo]
availability = 99.9

[[notify.channels]]
name = "chat"
url = "https://user:{secret}@example.com/hook"
"""
    with consoles.told(tmp_path, "fresh", toml) as desk:
        page = consoles.client(desk).get("/settings").text
        assert secret not in page
        assert "default 99.95" in page
        assert "it fits" in page
        desk.file.write_text(toml.replace("99.9", "99.8"))
        page = consoles.client(desk).get("/settings?only=set").text
        assert "the file says 99.8 now" in page
        assert "[studio]" not in page
        desk.file.write_text("[slo]\navailability = 'much'\n")
        assert "The file can&#39;t be used as it is now" in consoles.client(desk).get(
            "/settings"
        ).text.replace("can't", "can&#39;t")


def test_every_section_of_the_settings_is_shown():
    shown = {group.name for group in settings.groups(Settings(), set())}
    assert shown == set(Settings.model_fields)


def test_times_are_told_and_taken_in_one_zone_that_is_named(tmp_path: Path):
    tokyo = 'timezone = "Asia/Tokyo"'
    with consoles.told(tmp_path, "quiet", f"{TOML}[notify]\n{tokyo}\n") as desk:
        client = consoles.client(desk)
        page = client.get("/clusters/a1", params={"from": NOW - 1200, "to": NOW - 600})
        assert 'data-zone="Asia/Tokyo"' in page.text
        assert "Times are told in Asia/Tokyo." in page.text
        assert "11:47:41</time> to" in page.text
        assert "From (Asia/Tokyo)" in client.get("/events").text
        typed = {**dict.fromkeys(events.FIELDS, ""), "since": "1970-01-01T09:01"}
        assert events.filtered(typed, desk.zone) == Wanted(since=60.0)
        asked = {"metric": "portico_edge_requests_total", "from": "2026-11-23T11:57"}
        assert data(client, **asked).json()["from"] == pytest.approx(NOW - 10 * 60, abs=60)


def test_a_span_follows_the_clock_or_stands_still():
    assert span.of({}, NOW).start == NOW - 86400
    fixed = span.of({"from": "100", "to": "200"}, NOW)
    assert (fixed.start, fixed.end, fixed.query) == (100, 200, {"from": "100", "to": "200"})
    assert span.of({"from": "2026-11-23T01:00"}, NOW).seconds > 0
    with pytest.raises(PorticoError, match="15m"):
        span.of({"span": "1 week"}, NOW)


def test_amounts_are_written_by_their_unit():
    assert metrics.amount(0.0123, "seconds") == "12 ms"
    assert metrics.amount(86400 * 61, "seconds") == "61 d"
    assert metrics.amount(1.5e6, "bytes/s") == "1.5 MB/s"
    assert metrics.amount(0.5, "ratio") == "50 %"
    assert metrics.amount(None, "") == metrics.amount(None, "/s")


def test_the_charts_of_a_page_ask_for_series_that_there_are(client):
    page = client.get("/clusters/a?span=1h").text
    asked = [json.loads(_plain(text)) for text in page.split('data-chart="')[1:]]
    for one in asked:
        assert client.get(one["url"]).json()["series"], one


def _plain(text: str) -> str:
    return html.unescape(text.split('"', maxsplit=1)[0])
