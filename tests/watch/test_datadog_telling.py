"""What Datadog is told over HTTP, held against its own client's models by a local stand-in."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.config.models import Settings
from portico.config.watching import Watch
from portico.model import Event, Finding, Severity
from portico.watch import signal
from portico.watch.collect.histogram import Histogram
from portico.watch.export.datadog import errands, follow, mark, notices, redact
from portico.watch.export.datadog.api import Api
from portico.watch.export.datadog.lane import Turns
from portico.watch.export.datadog.numbers import Numbers
from portico.watch.export.datadog.series import Origin
from portico.watch.export.datadog.teller import Teller
from portico.watch.export.exporter import Look
from portico.watch.export.shipping import LaterError, RefusedError
from portico.watch.watched import Watched
from support import collecting, datadogstandin
from support.datadogstandin import API_KEY, APP_KEY, Fault, StandIn
from support.edging import until

NOW = collecting.NOW
TOLD = notices.From("web-1", ("portico_site:0123456789ab",))
REQUESTS = signal.of("portico_edge_requests_total", 1000, door="https")
TICK = signal.of("portico_keeper_tick_seconds", 0.0065)
DURATION = "portico_edge_request_duration_seconds"


@pytest.fixture
def datadog() -> Iterator[StandIn]:
    with datadogstandin.running() as made:
        yield made
        assert made.misfits == []


@pytest.fixture
def watched(tmp_path: Path, datadog: StandIn) -> Iterator[Watched]:
    settings = Settings(datadog=datadog.settings(tmp_path, tags=["env:test"]))
    with collecting.watched(tmp_path / "home", settings) as made:
        yield made


@pytest.fixture
def api(tmp_path: Path, datadog: StandIn) -> Api:
    return Api(datadog.settings(tmp_path))


def look(at: float, grown: float) -> Look:
    counted = Histogram((0.1, 1.0))
    for value in (0.05, 0.5, 0.5, 3.0):
        counted.observe(value)
    signals = [REQUESTS, TICK, *counted.signals(DURATION, source="replica", cluster="a")]
    increases = {one.key: one.value for one in signals}
    return Look(at, signals, {**increases, REQUESTS.key: grown, TICK.key: TICK.value})


def test_counters_are_increases_gauges_are_as_they_are_and_rounds_go_together(api: Api, datadog: StandIn):
    numbers = Numbers(api, Origin(TOLD.host, TOLD.tags, 5.0, within="0.1"))
    for number in range(3):
        numbers.tell(look(NOW + 5 * number, 12 + number))
    until(lambda: len(datadog.seen) == 2, "two requests")
    numbers.close()
    [sent] = datadog.of("submit_metrics")
    series = {one["metric"]: one for one in sent.body["series"]}
    assert series["portico_edge_requests_total"] == {
        "metric": "portico_edge_requests_total",
        "type": 1,
        "interval": 5,
        "points": [{"timestamp": int(NOW) + 5 * number, "value": 12 + number} for number in range(3)],
        "tags": ["door:https", *TOLD.tags],
        "resources": [{"type": "host", "name": "web-1"}],
    }
    assert series["portico_keeper_tick_seconds"]["type"] == 3
    assert series["portico_keeper_tick_seconds"]["unit"] == "second"
    assert f"{DURATION}_count" in series
    [bucket] = [one for one in sent.body["series"] if one["metric"].endswith("_bucket")]
    assert bucket["tags"] == ["cluster:a", "le:0.1", "source:replica", *TOLD.tags]


def test_a_histogram_is_a_distribution_of_its_buckets_middles(api: Api, datadog: StandIn):
    numbers = Numbers(api, Origin(TOLD.host, TOLD.tags, 60.0))
    numbers.tell(look(NOW, 1))
    until(lambda: datadog.of("submit_distribution_points"), "the distribution")
    numbers.close()
    [series] = datadog.of("submit_distribution_points")[0].body["series"]
    assert series["points"] == [[NOW, [0.05, 0.55, 0.55, 1.0]]]
    assert series["tags"] == ["cluster:a", "source:replica", *TOLD.tags]


def test_what_the_ledger_records_is_logged_with_its_hash(watched: Watched, api: Api, datadog: StandIn):
    lane = Turns(errands.Logs(watched.ledger, TOLD, api))
    event = watched.ledger.record("finding.open", "edge-errors", severity="critical", sentence="Bad.")
    lane.turn(0.0)
    [[item]] = [seen.body for seen in datadog.of("submit_log")]
    assert item["status"] == "error"
    assert item["message"] == "finding.open edge-errors: Bad."
    assert item["portico"]["hash"] == event.hash
    assert lane.standing().sent == 1


def test_only_telling_events_are_events_there(watched: Watched, api: Api, datadog: StandIn):
    def tell(notice: notices.Notice) -> None:
        api.post("/api/v1/events", notices.event_body(notice, TOLD), coding="")

    lane = Turns(errands.Events(watched.ledger, TOLD, tell))
    watched.ledger.record("order.taken", "publish", order=1)
    watched.ledger.record("finding.open", "anomaly:x", severity="info", sentence="Odd.")
    watched.ledger.record("live", "ab" * 32, before=None, order=None)
    lane.turn(0.0)
    assert [seen.body["title"] for seen in datadog.of("create_event")] == ["Snapshot abababababab is live"]


def test_what_is_practised_is_no_bad_news_there():
    data = {"severity": "critical", "sentence": "Drill: bad."}
    [notice] = notices.notices([Event(1, NOW, "finding.open", "edge-errors", data, "")], TOLD)
    assert (notice.title, notice.kind) == ("Drill: bad.", "info")


def test_each_alert_is_a_service_check_and_what_is_practised_is_none(
    watched: Watched, api: Api, datadog: StandIn
):
    findings = {
        one.key: one
        for one in (
            Finding("edge-errors", Severity.CRITICAL, "Bad."),
            Finding("disk-low", Severity.WARNING, "Drill: low.", {"drill": "disk-low"}),
        )
    }
    watched.ledger.reconcile_findings(findings, source="watch")

    def tell(found: list[notices.Check]) -> None:
        api.post("/api/v1/check_run", notices.check_bodies(found, TOLD, NOW), coding="")

    Turns(errands.Checks(watched.ledger, TOLD, tell)).turn(0.0)
    [seen] = datadog.of("submit_service_check")
    status = {mark.value(one["tags"], "alert"): one["status"] for one in seen.body}
    assert (status["edge-errors"], status["disk-low"], status["keeper-down"]) == (2, 0, 0)
    assert "anomaly" not in status


def test_the_ledger_is_followed_over_a_restart_without_a_loss_or_a_second_time(
    watched: Watched, api: Api, datadog: StandIn
):
    errands.Logs(watched.ledger, TOLD, api)
    watched.ledger.record("live", "one")
    datadog.faults.append(Fault(503, operation="submit_log"))
    lane = Turns(errands.Logs(watched.ledger, TOLD, api))
    lane.turn(0.0)
    assert "503" in lane.standing().why
    watched.ledger.record("live", "two")
    Turns(errands.Logs(watched.ledger, TOLD, api)).turn(0.0)
    Turns(errands.Logs(watched.ledger, TOLD, api)).turn(0.0)
    sent = [item["portico"]["subject"] for seen in datadog.of("submit_log") for item in seen.body]
    assert sent == ["one", "two"]


def test_a_ledger_that_was_restored_from_an_older_copy_is_followed_on(
    watched: Watched, api: Api, datadog: StandIn
):
    watched.ledger.see(follow.KEPT, {"logs": 10_000})
    lane = Turns(errands.Logs(watched.ledger, TOLD, api))
    watched.ledger.record("live", "new")
    lane.turn(0.0)
    assert lane.standing().sent == 1


def test_what_is_refused_for_good_is_passed_over_and_counted(watched: Watched, api: Api, datadog: StandIn):
    lane = Turns(errands.Logs(watched.ledger, TOLD, api))
    watched.ledger.record("live", "poison")
    datadog.faults.append(Fault(400, operation="submit_log"))
    lane.turn(0.0)
    watched.ledger.record("live", "good")
    lane.turn(10.0)
    assert [item["portico"]["subject"] for seen in datadog.of("submit_log") for item in seen.body] == ["good"]
    assert (lane.standing().lost, lane.standing().sent) == (1, 1)


def test_what_is_older_than_datadog_takes_is_passed_over(watched: Watched, api: Api, datadog: StandIn):
    logs = errands.Logs(watched.ledger, TOLD, api)
    watched.ledger._now = lambda: NOW - 86400
    watched.ledger.record("live", "old")
    watched.ledger._now = lambda: NOW
    watched.ledger.record("live", "young")
    Turns(logs).turn(0.0)
    assert [item["portico"]["subject"] for seen in datadog.of("submit_log") for item in seen.body] == [
        "young"
    ]


def test_a_limit_of_requests_is_waited_for_as_long_as_it_says(api: Api, datadog: StandIn):
    datadog.faults.append(Fault(429, headers={"X-RateLimit-Reset": "42"}))
    with pytest.raises(LaterError) as raised:
        api.get("/api/v1/validate")
    assert raised.value.after_s == 42
    lane = Turns(errands.Key(api))
    datadog.faults.append(Fault(429, headers={"X-RateLimit-Reset": "300"}))
    assert lane.turn(1000.0) == 1300


def test_pauses_grow_while_it_fails(api: Api, datadog: StandIn):
    datadog.faults.append(Fault(500, times=3))
    lane, now, pauses = Turns(errands.Key(api)), 0.0, []
    for _ in range(3):
        due = lane.turn(now)
        pauses.append(due - now)
        now = due
    assert pauses == [2, 4, 8]
    assert lane.turn(now) == now + errands.Key.every_s
    assert lane.standing().failing_s == 0


def test_a_refused_key_may_be_put_right_and_is_never_told(api: Api, datadog: StandIn):
    datadog.refuses_keys = True
    with pytest.raises(LaterError) as raised:
        api.get("/api/v1/validate")
    assert "the key is refused" in str(raised.value)
    assert API_KEY not in str(raised.value)
    datadog.refuses_keys = False
    assert api.get("/api/v1/validate") == {"valid": True}


def test_a_key_that_is_no_key_is_told_by_its_setting_and_not_shown(tmp_path: Path, datadog: StandIn):
    settings = datadog.settings(tmp_path)
    (tmp_path / "api.key").write_text("not a key!")
    with pytest.raises(LaterError) as raised:
        Api(settings).get("/api/v1/validate")
    assert "datadog/api_key_file" in str(raised.value)
    assert "not a key!" not in str(raised.value)


def test_another_client_error_is_final(api: Api, datadog: StandIn):
    datadog.faults.append(Fault(413))
    with pytest.raises(RefusedError, match="413"):
        api.post("/api/v2/series", {"series": []})


def test_nobody_listens_and_that_is_for_later(tmp_path: Path):
    with datadogstandin.running() as gone:
        settings = gone.settings(tmp_path)
    with pytest.raises(LaterError, match="no answer"):
        Api(settings).get("/api/v1/validate")


def test_the_whole_teller_tells_all_of_it(watched: Watched, datadog: StandIn):
    for follows in ("logs", "events"):
        follow.Follower(watched.ledger, follows, 1)
    watched.ledger.record("live", "ab" * 32)
    teller = Teller(watched)
    for number in range(3):
        teller.tell(look(NOW + 5 * number, 1))
    wanted = {
        "submit_metrics", "submit_distribution_points", "submit_log", "create_event", "submit_service_check",
        "validate",
    }  # fmt: skip
    try:
        until(lambda: wanted <= {seen.operation for seen in datadog.seen}, "all lanes")
        until(lambda: teller.health().sent > 50, "the count of all lanes")
        health = teller.health()
        assert (health.failing_s, health.refused, health.silent) == (0, 0, False)
    finally:
        teller.close()
    assert all(
        {f"portico_site:{mark.site_id(watched.home.public_key)}", "env:test"} <= set(one["tags"])
        for one in datadog.of("submit_metrics")[0].body["series"]
    )


def test_a_silent_datadog_is_told_after_its_time(watched: Watched, datadog: StandIn):
    datadog.faults.append(Fault(500, times=1000))
    teller = Teller(watched)
    try:
        until(lambda: teller.health().trouble, "a failure")
        assert not teller.health().silent
        teller._api.answered -= 400
        health = teller.health()
        assert health.silent
        assert "500" in health.trouble
    finally:
        teller.close()


def test_no_secret_leaves_with_a_log(watched: Watched, datadog: StandIn):
    follow.Follower(watched.ledger, "logs", 1)
    watched.ledger.record(
        "order.given",
        f"see https://user:hunter2@db.example.com and {APP_KEY}",
        args={"token": "t-1234", "url": "https://ops.example.com/a/WyJhY2siLFsxXV0.abcdefgh", "n": 1},
        why=f"jane@example.com said {API_KEY}",
    )
    teller = Teller(watched)
    try:
        until(lambda: datadog.of("submit_log"), "the log")
    finally:
        teller.close()
    told = json.dumps([seen.body for seen in datadog.seen])
    for secret in ("hunter2", "t-1234", "WyJhY2siLFsxXV0", "jane@example.com", API_KEY, APP_KEY):
        assert secret not in told
    assert datadog.of("submit_log")[0].body[0]["portico"]["data"]["args"]["n"] == 1


@pytest.mark.parametrize("name", ["password", "api_key", "oidc_client_secret", "recovery_otp", "E-Mail"])
def test_a_value_under_a_telling_name_is_hidden(name: str):
    assert redact.clean({"outer": [{name: "x"}]}) == {"outer": [{name: "***"}]}


def test_an_agent_takes_what_it_can_and_the_api_the_logs_alone(tmp_path: Path, datadog: StandIn):
    """Counters would count twice."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
        agent.bind(("127.0.0.1", 0))
        agent.settimeout(60)
        address = f"127.0.0.1:{agent.getsockname()[1]}"
        settings = Settings(datadog=datadog.settings(tmp_path), watch=Watch(statsd=address))
        with collecting.watched(tmp_path / "home", settings) as watched:
            for follows in ("logs", "events"):
                follow.Follower(watched.ledger, follows, 1)
            watched.ledger.record("live", "ab" * 32)
            teller = Teller(watched)
            try:
                teller.tell(look(NOW, 12))
                found = ""
                while not all(word in found for word in ("_e{", "_sc|", "portico_edge_requests_total:12|c")):
                    found += agent.recv(65536).decode() + "\n"
                until(lambda: datadog.of("submit_log"), "the log")
            finally:
                teller.close()
    assert {seen.operation for seen in datadog.seen} <= {"submit_log", "validate"}


def test_an_api_that_hangs_holds_nobody_up(tmp_path: Path):
    """It takes connections and never says a word."""
    with socket.socket() as mute, datadogstandin.running() as datadog:
        mute.bind(("127.0.0.1", 0))
        mute.listen(8)
        told = datadog.settings(tmp_path)
        told = told.model_copy(update={"address": f"http://127.0.0.1:{mute.getsockname()[1]}"})
        with collecting.watched(tmp_path / "home", Settings(datadog=told)) as watched:
            teller = Teller(watched)
            for number in range(500):
                teller.tell(look(NOW + 5 * number, 1))
            assert teller.health().sent == 0
            teller.close()
