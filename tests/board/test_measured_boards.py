"""Breakdowns, heat map, parts and tales, from values alone."""

from __future__ import annotations

from math import inf

import pytest

from portico.board import courses, latency, measured, parts, state, tale, traffic
from portico.board.breakdown import Asked, Breakdown, Counted
from portico.board.latest import Latest
from portico.board.parts import Rates
from portico.model import Event
from portico.watch.series.read import Known, Reader
from support import consoles

ASKED = Asked(0.0, 600.0, 10)


def buckets(*rows: tuple[float, dict[float, float]], source: str = "cache", cluster: str = "") -> Counted:
    """`rows` are moments with how many fell into each bucket or below."""
    courses = {}
    for at, counted in rows:
        for bound, many in counted.items():
            le = "+Inf" if bound == inf else str(bound)
            courses.setdefault((source, cluster, le), {})[at] = many
    return Counted(courses, 60.0)


def test_a_breakdown_adds_up_by_label_and_sorts_by_size():
    counted = Counted({("/", "2xx"): {0: 5, 60: 5}, ("/", "4xx"): {0: 1}, ("/b", "2xx"): {0: 20}}, 60)
    assert counted.values() == ["/b", "/"]
    assert counted.total() == 31
    assert counted.total("/") == 11
    assert counted.total("/", "4xx") == 1


def test_rows_are_about_so_many_as_one_in_sixteen_is_told():
    counted = Counted({("/", "2xx"): {0: 9.0}, ("/", "5xx"): {0: 1.0}, ("fonts", "2xx"): {0: 10.0}}, 60)
    rows = {row.name: row for row in traffic.rows(counted)}
    assert rows["/"].requests == 160
    assert rows["/"].broken == 16
    assert rows["/"].share == 0.5
    assert [row.name for row in traffic.rows(counted, lambda name: name != "/")] == ["fonts"]


def test_a_cell_is_told_by_the_share_of_its_column_and_whether_it_kept_the_promise():
    counted = buckets((0, {0.1: 90, 0.25: 99, 1.0: 100, 10.0: 100, inf: 100}))
    heat = latency.heat(counted, ASKED, 0.25)
    assert heat.bounds == (0.1, 0.25, 1.0)
    assert [(cell.row, cell.late) for cell in heat.cells] == [(0, False), (1, False), (2, True)]
    assert heat.cells[0].level > heat.cells[1].level > heat.cells[2].level
    (moment,) = heat.moments
    assert moment.kept == 0.99
    assert moment.requests == 1600
    assert moment.p50 < 0.1 < moment.p99


def test_a_time_without_visitors_is_a_gap_in_the_heat_map():
    full = {0.1: 10, 0.25: 10, inf: 10}
    heat = latency.heat(buckets((0, full), (60, {0.1: 0, inf: 0}), (180, full)), ASKED, 0.25)
    assert [moment.column for moment in heat.moments] == [0, 3]
    assert heat.columns == 11


def test_nothing_measured_is_no_picture():
    heat = latency.heat(Counted(), ASKED, 0.25)
    assert heat.moments == ()
    assert heat.cells == ()
    assert latency.answerers(Counted(), 0.25) == ()


def test_what_took_longer_than_the_last_bound_counts_as_late():
    heat = latency.heat(buckets((0, {0.25: 5, 10.0: 9, inf: 10})), ASKED, 0.25)
    assert heat.bounds[-1] == inf
    assert heat.cells[-1].late


def test_who_answered_is_told_with_the_share_of_all():
    cache = buckets((0, {0.1: 90, 0.25: 90, inf: 90}))
    replicas = buckets((0, {0.1: 0, 0.25: 5, inf: 10}), source="replica", cluster="a")
    both = Counted({**cache.courses, **replicas.courses}, 60.0)
    first, second = latency.answerers(both, 0.25)
    assert (first.source, first.share, first.kept) == ("cache", 0.9, 1.0)
    assert (second.cluster, second.share, second.kept) == ("a", 0.1, 0.5)


def test_a_number_of_long_ago_says_nothing_about_now():
    known = [Known('portico_x{part="a1"}', 100.0, 1.0), Known('portico_x{part="a2"}', 10.0, 2.0)]
    latest = Latest.of(known, 110.0)
    assert latest.value("portico_x", part="a1") == 1.0
    assert latest.value("portico_x", part="a2") is None
    assert latest.value("portico_y") is None
    assert latest.at == 100.0


def test_a_stack_that_nobody_looked_at_has_no_clusters():
    nothing = state.judge({}, lambda _: None)
    found = parts.of(nothing, Latest(), Rates({}, {}))
    assert found.clusters == ()
    assert [part.name for part in found.others] == ["edge", "keeper", "guard"]
    assert found.find("edge") is found.others[0]
    assert found.find("a1") is None


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    with consoles.told(tmp_path_factory.mktemp("boards"), "incident") as desk:
        return desk.series


def test_many_series_are_read_as_each_of_them_is(series: Reader):
    keys = [one.key for one in series.names("portico_edge_res")]
    start, end = consoles.NOW - 7000, consoles.NOW
    together = series.queries(keys, start, end, 50)
    assert list(together) == keys
    assert together == {key: series.query(key, start, end, 50) for key in keys}


def test_a_real_breakdown_has_the_labels_asked_for(series: Reader):
    asked = Asked(consoles.NOW - 3600, consoles.NOW)
    counted = Breakdown(series, asked).of("portico_edge_responses_total", "code", door="https")
    assert counted.values() == ["2xx", "3xx", "4xx", "5xx"]
    assert Breakdown(series, asked).of("portico_edge_responses_total", "code", door="none").courses == {}


def test_a_metric_that_nobody_knows_is_told_with_a_hint(series: Reader):
    with pytest.raises(measured.NotMeasuredError, match="portico_edge_requests_total"):
        measured.find("edge_request_total", series)
    measure = measured.find("edge_responses_total", series)
    with pytest.raises(measured.NotMeasuredError, match="code=2xx"):
        courses.keys(measure, ["code=6xx"])


def test_an_events_tale_says_what_a_person_wants_to_know():
    def said(kind: str, subject: str, **data: object) -> str:
        return tale.said(Event(1, 0.0, kind, subject, data, ""), "{:.1f} s".format, lambda at, _: f"{at:.0f}")

    assert said("finding.open", "x", sentence="Cluster b answers nobody.") == "Cluster b answers nobody."
    assert said("drill", "cluster", result="passed", told="Both killed.", sent=3) == (
        "cluster  passed  Both killed."
    )
    assert said("publish.step", "f" * 64, step="copy:a", seconds=0.3) == f"{'f' * 12}  in cluster a  0.3 s"
    assert said("order.given", "drain", args={"cluster": "a"}, by="ada") == "drain  args cluster=a  by ada"
