"""What there shall be at Datadog fits its client's models, and names only what we send."""

from __future__ import annotations

import json
import re

import pytest
from datadog_api_client.v1.model.dashboard import Dashboard
from datadog_api_client.v1.model.monitor import Monitor
from datadog_api_client.v1.model.monitor_update_request import MonitorUpdateRequest
from datadog_api_client.v1.model.service_level_objective import ServiceLevelObjective
from datadog_api_client.v1.model.service_level_objective_request import ServiceLevelObjectiveRequest
from datadog_api_client.v1.model.synthetics_api_test import SyntheticsAPITest

from portico.config.models import Edge, Settings, Source
from portico.config.watching import Probes, Slo
from portico.watch import registry
from portico.watch.alerts.table import ALERTS
from portico.watch.export.datadog import mark
from portico.watch.export.datadog.account import slos, synthetics, wanted
from portico.watch.export.datadog.account.forms import FORMS
from portico.watch.export.datadog.account.monitors import ALL
from portico.watch.export.datadog.account.thing import DASHBOARD, MONITOR, SLO, SYNTHETIC, resolved
from support import datadogmodels

SITE = "0123456789ab"
PUBLIC = Settings(edge=Edge(hosts=["www.example.com"]), probes=Probes(pages=["/", "/about/team"]))
THINGS, SKIPPED = wanted.things(PUBLIC, SITE)
BY_SLUG = {thing.slug: thing for thing in THINGS}
TAGS = {"portico_site", "portico_object", "portico_alert", "portico_event"}
MODELS = {
    MONITOR: (Monitor, MonitorUpdateRequest),
    SLO: (ServiceLevelObjectiveRequest, ServiceLevelObjective),
    DASHBOARD: (Dashboard,),
    SYNTHETIC: (SyntheticsAPITest,),
}


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.slug)
def test_it_is_what_the_clients_models_take(thing):
    for model in MODELS[thing.kind]:
        assert datadogmodels.faults(dict(thing.body), (model,)) == []


def test_the_validator_itself_finds_a_mistake():
    body = json.loads(json.dumps(BY_SLUG["dashboard-edge"].body))
    body["widgets"][0]["definition"]["requests"][0]["display_typ"] = "line"
    body["widgets"][1]["definition"]["type"] = "timeserie"
    assert len(datadogmodels.faults(body, (Dashboard,))) >= 2


def test_only_metrics_that_we_have_are_asked_for():
    named = set(re.findall(r"portico_\w+", json.dumps([dict(thing.body) for thing in THINGS])))
    assert [name for name in named - TAGS if registry.find(name) is None] == []


def test_only_labels_that_a_metric_has_are_asked_for():
    for thing in THINGS:
        for name, scope, by in re.findall(
            r"(portico_\w+)\{([^}]*)\}(?: by \{([^}]*)\})?", json.dumps(thing.body)
        ):
            labels = {
                part.strip("!").partition(":")[0] for part in [*scope.split(","), *by.split(",")] if part
            }
            known = {*registry.find(name).labels, "portico_site", "le"}
            assert labels <= known, (thing.slug, name)


def test_every_object_bears_our_marks_and_its_own_name():
    assert len(BY_SLUG) == len(THINGS)
    for thing in THINGS:
        marks = thing.body.get("tags") or thing.body["description"].split()
        assert mark.is_ours(marks, SITE)
        assert mark.value(marks, mark.OBJECT) == thing.slug
        assert all(len(one) <= 200 for one in thing.body.get("tags", []))


def test_every_query_is_about_this_site_alone():
    for thing in THINGS:
        for scope in re.findall(r"portico_\w+\{([^}]*)\}", json.dumps(thing.body)):
            assert f"portico_site:{SITE}" in scope.split(",")


def test_every_form_is_of_an_alert_that_there_is_and_is_compared_with_it():
    assert [name for name in FORMS if name not in ALERTS] == []
    for name in FORMS:
        assert f"portico_alert:{name}" in BY_SLUG[f"monitor-{name}"].body["tags"]


def test_one_monitor_has_all_alerts_and_calls_people_when_nobody_watches():
    body = BY_SLUG[ALL].body
    assert body["options"]["notify_no_data"] is True
    assert '.by("alert")' in body["query"]


def test_what_visitors_feel_has_an_anomaly_monitor():
    felt = {f"anomaly-{metric.name}" for metric in registry.METRICS.values() if metric.felt}
    assert felt
    assert {slug for slug in BY_SLUG if slug.startswith("anomaly-")} == felt
    for slug in felt:
        assert "anomalies(" in BY_SLUG[slug].body["query"]
        assert BY_SLUG[slug].body["options"]["threshold_windows"]["trigger_window"] == "last_15m"


def test_promises_are_those_of_the_settings():
    settings = PUBLIC.model_copy(update={"slo": Slo(availability=99.9, window_days=28)})
    found = {thing.slug: thing.body for thing in wanted.things(settings, SITE)[0]}
    assert found["slo-availability"]["thresholds"] == [{"timeframe": "30d", "target": 99.9}]
    assert "le:0.25" in found["slo-latency"]["query"]["numerator"]


@pytest.mark.parametrize(("days", "frame"), [(1, "7d"), (28, "30d"), (30, "30d"), (90, "90d")])
def test_the_window_is_the_nearest_that_datadog_has(days: float, frame: str):
    assert slos.frame(days) == frame


def test_a_reference_is_put_in_once_its_id_is_known():
    body = BY_SLUG["burn-latency"].body
    assert "{id:slo-latency}" in body["query"]
    assert 'burn_rate("abc")' in resolved(body, {"slo-latency": "abc"})["query"]


def test_each_page_and_the_certificate_are_looked_at_from_outside():
    tests = [thing for thing in THINGS if thing.kind == SYNTHETIC]
    assert [thing.body["subtype"] for thing in tests] == ["http", "http", "ssl"]
    assert tests[1].body["config"]["request"]["url"] == "https://www.example.com/about/team"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "10.0.0.7", "site.internal", "machine"])
def test_where_nobody_gets_from_outside_no_test_is_made_and_it_is_said(host: str):
    things, skipped = wanted.things(PUBLIC.model_copy(update={"edge": Edge(hosts=[host])}), SITE)
    assert [thing for thing in things if thing.kind == SYNTHETIC] == []
    assert [one.why for one in skipped] == [f"{host} isn't reached from the internet"]


def test_two_pages_never_share_a_name():
    assert synthetics.slug_of("/a-b") != synthetics.slug_of("/a/b")
    assert synthetics.slug_of("/") == synthetics.slug_of("/")


def test_a_folder_has_no_studio_and_no_monitors_of_one():
    settings = PUBLIC.model_copy(update={"source": Source(kind="folder", folder="public")})
    slugs = {thing.slug for thing in wanted.things(settings, SITE)[0]}
    assert "monitor-studio-down" not in slugs
    assert "monitor-edge-errors" in slugs


def test_the_same_settings_give_the_same_objects():
    assert wanted.things(PUBLIC, SITE)[0] == THINGS
