"""A running stack tells Prometheus and an OpenTelemetry receiver what it is and does."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portico.config.models import Settings
from portico.watch.export.rules import document
from portico.watch.series.read import Reader
from support import prometheus, promtool
from support.otlpreceiver import Receiver, receiving
from support.prometheus import Prometheus
from support.stack import Stack, running_stack, until

pytestmark = [prometheus.needed, promtool.needed, pytest.mark.timeout(300)]

SETTINGS = """
[console]
enabled = true
[watch]
enabled = true
every_s = 1
[export]
stack = "www.example.com"
[[export.remote_write]]
name = "prometheus"
url = "{write}"
every_s = 1
[[export.otlp]]
name = "collector"
url = "{receiver}"
every_s = 1
"""


@dataclass(frozen=True)
class World:
    stack: Stack
    server: Prometheus
    receiver: Receiver
    site: Path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Prometheus reads the rules that `portico metrics rules` prints."""
    place = tmp_path_factory.mktemp("exporting")
    site, own, home = place / "site", place / "prometheus", place / "stack"
    for folder in (site, own, home):
        folder.mkdir()
    (site / "index.html").write_text("<!doctype html><title>Home</title>")
    (own / "portico.yml").write_text(document.as_yaml(Settings()))
    (own / "prometheus.yml").write_text(
        'rule_files: ["portico.yml"]\nglobal: {evaluation_interval: 1s}\nscrape_configs: []\n'
    )
    with prometheus.running(own) as server, receiving() as receiver:
        toml = SETTINGS.format(write=server.write, receiver=receiver.url)
        with running_stack(site, home, toml) as stack:
            yield World(stack, server, receiver, site)


def test_prometheus_has_what_the_stack_has(world: World):
    def up() -> dict[str, float]:
        found = world.server.ask('portico_edge_server_up{instance="www.example.com",job="portico"}')
        return {labels["replica"]: value for labels, value in found}

    replicas = ("a1", "a2", "b1", "b2", "mirror")
    until(lambda: up() == dict.fromkeys(replicas, 1.0), what="all replicas to be up in Prometheus")
    until(lambda: world.server.ask("portico_slo_target_ratio"), what="the promises")
    assert {labels["objective"] for labels, _ in world.server.ask("portico_slo_target_ratio")} == {
        *("availability", "latency", "freshness", "integrity"),
    }


def test_every_rule_is_evaluated_without_an_error(world: World):
    def rules() -> list[dict[str, str]]:
        groups = world.server.get("/api/v1/rules")["groups"]
        return [rule for group in groups if group["name"] == "portico" for rule in group["rules"]]

    until(lambda: all(rule["health"] != "unknown" for rule in rules()), what="all to be evaluated")
    assert [rule["name"] for rule in rules() if rule["health"] != "ok"] == []


def test_a_publish_is_a_trace_from_freezing_to_being_seen(world: World):
    (world.site / "news.html").write_text("<!doctype html><title>News</title>")
    done = world.stack.cli("publish", "--json")
    assert done.returncode == 0, done.stderr
    parts = ["freeze", "check", "copy a", "copy b", "copy mirror", "warm", "flip", "seen a", "seen b", "seen"]

    def published() -> list[str]:
        """The last trace's spans; the first one is that of `portico up`."""
        found = world.receiver.spans()
        traces = list(dict.fromkeys(span.trace_id for span in found))
        return [span.name for span in found if len(traces) == 2 and span.trace_id == traces[1]]

    assert until(published, what="the second publish's trace") == ["publish", *parts]
    until(lambda: servers_told(world.receiver) == 5, what="all servers")


def servers_told(receiver: Receiver) -> int:
    """In the last request; a round in which the edge was asked in vain has none."""
    try:
        return len(receiver.points("portico_edge_server_up").data_points)
    except ValueError:
        return 0


def test_while_the_destinations_are_away_the_watcher_watches_on(world: World):
    """And what it measured meanwhile is sent afterwards."""
    world.server.stop()
    away = time.time()
    try:
        until(lambda: failing(world.stack), what="it to be noticed")
    finally:
        world.server.start()
    back = time.time()
    selector = 'portico_keeper_tick_seconds{instance="www.example.com"}'
    until(lambda: world.server.samples(selector, time.time(), 1), what="it to go on")
    meanwhile = world.server.samples(selector, back, int(back - away))
    rounds = Reader(world.stack.home.series).query("portico_keeper_tick_seconds", away, back, 10_000).rows
    assert len(meanwhile) >= len(rounds) / 2 > 0, "a sample a second, or nearly"


def failing(stack: Stack) -> bool:
    """By the watcher's own listener, which answers all the while."""
    ledger = stack.ledger()
    seen = ledger.seen("watch")
    ledger.close()
    assert seen
    asked = subprocess.run(
        ["curl", "-s", "-m", "60", f"{seen[0]['address']}/metrics"],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in asked.stdout.splitlines() if line.startswith("portico_export_failing_seconds")]
    return any('"prometheus"' in line and float(line.split()[-1]) > 0 for line in lines)
