"""Everything that a running stack tells: whole, registered, few enough, and true when something dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from portico.config import load
from portico.store import signing
from portico.watch.collect import console, edge, replicas, table, tally
from portico.watch.collect.intake import IntakeCollector, IntakeProbeCollector
from portico.watch.collect.journey import JourneyCollector
from portico.watch.collect.status_page import StatusPageCollector
from portico.watch.collect.studio import StudioCollector
from portico.watch.collect.table import Collectors
from portico.watch.collect.vitals import StandingCollector, VitalsCollector
from portico.watch.export import openmetrics
from portico.watch.watched import Watched
from support import collecting
from support.stack import Stack, running_stack, until

MOST = 400
"""Of the 500 series that a default stack may have; the rest are the probes' and the promises'."""

OF_A_STUDIO = {
    metric.name
    for made in (IntakeCollector, IntakeProbeCollector, StudioCollector, StatusPageCollector)
    for metric in made.metrics
}
"""This stack's site comes from a folder and nobody subscribed; each of these has tests of its own."""

OF_VISITORS = {
    metric.name
    for metrics in (
        tally.METRICS,
        VitalsCollector.metrics,
        StandingCollector.metrics,
        JourneyCollector.metrics,
    )
    for metric in metrics
}
"""Counted from the first sampled request, visit or journey on."""

REPLICAS = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", "mirror": "mirror"}

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(None, tmp_path_factory.mktemp("collected"), "[console]\nenabled = true\n") as made:
        yield made


@pytest.fixture(scope="module")
def collectors(stack: Stack, patience: None) -> Iterator[Collectors]:
    settings = load.load(stack.settings, stack.home.root, cwd=stack.home.root).settings
    ledger = stack.ledger()
    key = signing.load_public(stack.home.public_key)
    made = Collectors(Watched(stack.home, settings, stack.settings, ledger, key), patience_s=60)
    yield made
    made.close()
    ledger.close()


def look(collectors: Collectors) -> dict[str, float]:
    signals = collectors.collect(time.time())
    collecting.check(signals)
    return {one.key: one.value for one in signals}


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """That of the tests: the watcher's own is for parts that hang."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(edge, "TIMEOUT_S", 60.0)
        patched.setattr(replicas, "TIMEOUT_S", 60.0)
        patched.setattr(replicas, "TOGETHER_S", 60.0)
        patched.setattr(console, "ANSWER_S", 60.0)
        yield


def test_every_part_is_told_and_every_metric_has_a_series(collectors: Collectors):
    found = look(collectors)
    assert collectors.troubles == {}
    names = {key.partition("{")[0] for key in found}
    never = {one.name for one in table.METRICS if not any(name.startswith(one.name) for name in names)}
    later = {"portico_task_age_seconds", "portico_task_ok", "portico_edge_response_time_seconds"}
    assert never <= later | OF_A_STUDIO | OF_VISITORS


def test_there_are_few_enough_series(collectors: Collectors):
    """Those of traffic come with visitors, and have a bound and a test of their own."""
    assert sum(not key.startswith("portico_traffic_") for key in look(collectors)) <= MOST


def test_each_replica_says_its_own_numbers_whomever_it_runs_as(collectors: Collectors):
    found = look(collectors)
    for name, cluster in REPLICAS.items():
        place = f'{{cluster="{cluster}",replica="{name}"}}'
        assert found[f"portico_replica_up{place}"] == 1
        assert found[f"portico_replica_refused_files{place}"] == 0
        assert found[f'portico_process_cpu_seconds_total{{part="{name}"}}'] > 0


def test_what_is_live_is_in_every_store(collectors: Collectors):
    found = look(collectors)
    for store in ("a", "b", "mirror", "origin"):
        assert found[f'portico_store_holds_live{{store="{store}"}}'] == 1
    assert found["portico_mirror_age_seconds"] == 0
    assert found["portico_publish_ok"] == 1


def test_visits_are_told_with_their_times(stack: Stack, collectors: Collectors):
    counted = 'portico_edge_request_duration_seconds_count{cluster="",source="cache"}'

    def visited() -> bool:
        for _ in range(16):
            stack.get("/", accept_encoding="gzip, deflate, br")
        found = look(collectors)
        return found[counted] > 0 and found.get("portico_edge_response_time_seconds", 1) < 1

    until(visited, what="a visit's time")


def test_a_scraper_can_read_all_of_it(collectors: Collectors):
    text = openmetrics.render(collectors.collect(time.time()))
    assert text.endswith(b"# EOF\n")
    assert text.count(b"\n# TYPE ") > 80


def test_a_replica_that_dies_is_told_as_restarted(stack: Stack, collectors: Collectors):
    place = 'cluster="b",replica="b2"'
    os.kill(stack.pid("b2"), signal.SIGKILL)
    until(lambda: look(collectors)[f"portico_replica_restarts_total{{{place}}}"] == 1, what="the restart")
    until(lambda: look(collectors)[f"portico_replica_up{{{place}}}"] == 1, what="b2 to be up again")


def test_a_stack_that_was_killed_is_told_as_down_and_the_watcher_sees_on(
    stack: Stack, collectors: Collectors
):
    for part in ("guard", "keeper", "edge"):
        os.kill(stack.pid(part), signal.SIGKILL)
    until(
        lambda: look(collectors)['portico_collector_up{collector="edge"}'] == 0, what="the edge to be missed"
    )
    found = look(collectors)
    assert found['portico_process_up{part="keeper"}'] == 0
    assert found['portico_replica_up{cluster="a",replica="a1"}'] == 1
    assert "the edge doesn't answer" in collectors.troubles["edge"]
    age = "portico_keeper_status_age_seconds"
    until(lambda: look(collectors)[age] > 1, what="the keeper's status to be old")
