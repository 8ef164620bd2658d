"""The keeper, the ledger, stores, certificate, processes and replicas, each as its collector tells it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portico.edge import authority, tls
from portico.kit import process
from portico.replica.metrics import Metrics
from portico.store.layout import Store
from portico.watch.collect import replicas
from portico.watch.collect.certificate import CertificateCollector
from portico.watch.collect.keeper import KeeperCollector
from portico.watch.collect.ledger import LedgerCollector
from portico.watch.collect.processes import ProcessesCollector
from portico.watch.collect.replicas import ReplicasCollector
from portico.watch.collect.stores import StoresCollector
from portico.watch.watched import Watched
from support import collecting, tinyhttp
from support.collecting import NOW, numbers

STATUS = {
    "keeper": {"tick_ms": 6.5},
    "orders": [{"id": 1}],
    "findings": [{"severity": "warning"}, {"severity": "warning"}],
    "mirror": {"restarts": 0, "snapshot_age_s": 12.5},
    "clusters": [
        {
            "name": "a",
            "drained": False,
            "replicas": [
                {"name": "a1", "state": "up", "restarts": 3},
                {"name": "a2", "state": "hung", "restarts": 0},
            ],
        },
        {"name": "b", "drained": True, "replicas": [{"name": "b1", "state": "drained", "restarts": 0}]},
    ],
}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with collecting.watched(tmp_path) as made:
        yield made


def test_the_keeper_is_told_as_its_last_status_shows_it(watched: Watched):
    watched.ledger.see("status", STATUS)
    found = numbers(KeeperCollector(watched), NOW + 4)
    assert found["portico_keeper_status_age_seconds"] == 4
    assert found["portico_keeper_tick_seconds"] == 0.0065
    assert found["portico_keeper_orders_open"] == 1
    assert found['portico_keeper_findings{severity="warning"}'] == 2
    assert found['portico_keeper_findings{severity="critical"}'] == 0
    assert found['portico_replica_restarts_total{cluster="a",replica="a1"}'] == 3
    assert found['portico_cluster_replicas{cluster="a"}'] == 2
    assert found['portico_cluster_replicas_up{cluster="a"}'] == 1
    assert found['portico_cluster_drained{cluster="b"}'] == 1
    assert found["portico_mirror_age_seconds"] == 12.5


def test_before_a_keeper_ever_looked_there_is_nothing_to_tell(watched: Watched):
    assert numbers(KeeperCollector(watched)) == {}


def test_before_the_first_publish_the_mirror_has_no_age(watched: Watched):
    watched.ledger.see("status", {**STATUS, "mirror": {"restarts": 0, "snapshot_age_s": None}})
    assert "portico_mirror_age_seconds" not in numbers(KeeperCollector(watched))


def test_the_ledgers_size_and_its_events_are_told(watched: Watched):
    watched.ledger.record("live", "x")
    found = numbers(LedgerCollector(watched))
    assert found["portico_ledger_events_total"] == 1
    assert found["portico_ledger_size_bytes"] + found["portico_ledger_wal_bytes"] > 0


def test_a_store_tells_its_snapshots_and_whether_it_holds_what_is_live(watched: Watched):
    live = "1" * 64
    watched.ledger.want("snapshot", live)
    for name in ("a", "b"):
        store = Store(watched.home.store(name)).create()
        store.manifest("2" * 64).write_bytes(b"{}")
    Store(watched.home.store("a")).manifest(live).write_bytes(b"{}")
    found = numbers(StoresCollector(watched))
    assert found['portico_store_snapshots{store="a"}'] == 2
    assert found['portico_store_holds_live{store="a"}'] == 1
    assert found['portico_store_holds_live{store="b"}'] == 0
    assert found['portico_store_free_bytes{store="a"}'] > 0
    assert not any("mirror" in key for key in found)


def test_the_certificates_days_are_told(watched: Watched):
    now = datetime.now(UTC)
    tls.provide(watched.home, ("localhost",), None, now)
    found = numbers(CertificateCollector(watched), now.timestamp())
    assert found["portico_certificate_left_seconds"] == pytest.approx(
        authority.LEAF_LIFE.total_seconds(), abs=86400
    )


def test_a_missing_certificate_is_an_error_with_its_file(watched: Watched):
    with pytest.raises(OSError, match=r"site\.pem"):
        numbers(CertificateCollector(watched))


def test_a_process_is_told_with_what_it_takes_and_a_dead_one_as_down(watched: Watched):
    me = process.of(os.getpid())
    assert me
    process.remember(watched.home.record("keeper"), me)
    process.remember(watched.home.record("a1"), process.Process(me.pid, me.started - 60))
    found = numbers(ProcessesCollector(watched))
    assert found['portico_process_up{part="keeper"}'] == 1
    assert found['portico_process_cpu_seconds_total{part="keeper"}'] > 0
    assert found['portico_process_resident_memory_bytes{part="keeper"}'] > 1 << 20
    assert found['portico_process_open_files{part="keeper"}'] > 0
    assert found['portico_process_uptime_seconds{part="keeper"}'] > 0
    assert found['portico_process_up{part="a1"}'] == 0
    assert 'portico_process_cpu_seconds_total{part="a1"}' not in found


def test_the_edges_workers_count_with_its_master(watched: Watched):
    parent = process.of(os.getppid())
    assert parent
    process.remember(watched.home.record("edge"), parent)
    process.remember(watched.home.record("guard"), parent)
    found = numbers(ProcessesCollector(watched))
    memory = "portico_process_resident_memory_bytes"
    assert found[f'{memory}{{part="edge"}}'] > found[f'{memory}{{part="guard"}}']


def test_a_replicas_own_text_is_read(watched: Watched):
    counted = Metrics()
    for status in (200, 200, 206, 304, 404, 503):
        counted.count(status, 10)
    text = counted.text(refused=2, cached_shards=1, intake=None).decode()
    where = {"cluster": "a", "replica": "a1"}
    found = {one.key: one.value for one in replicas.read(text, where)}
    place = 'cluster="a",code="{}",replica="a1"'
    requests = [found[f"portico_replica_requests_total{{{place.format(code)}}}"] for code in replicas.CODES]
    assert requests == [3, 1, 1, 1]
    assert found['portico_replica_sent_bytes_total{cluster="a",replica="a1"}'] == 60
    assert found['portico_replica_refused_files{cluster="a",replica="a1"}'] == 2


@pytest.mark.parametrize("status", [None, 500])
def test_a_replica_that_does_not_answer_is_down_and_the_others_are_still_told(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, status: int | None
):
    monkeypatch.setattr(replicas, "TIMEOUT_S", 60.0 if status else 2.0)
    monkeypatch.setattr(replicas, "TOGETHER_S", 120.0)
    for name in ("a1", "b1"):
        process.remember(watched.home.record(name), process.Process(1, 0))
        watched.home.replica_run(name).mkdir()

    async def refuse(_request, writer):
        if status:
            tinyhttp.say(writer, b"", status)

    async def answer(_request, writer):
        tinyhttp.say(writer, Metrics().text(refused=0, cached_shards=0, intake=None))

    with (
        tinyhttp.serving(refuse, unix=watched.home.replica_socket("a1")),
        tinyhttp.serving(answer, unix=watched.home.replica_socket("b1")),
    ):
        found = numbers(ReplicasCollector(watched))
    assert found['portico_replica_up{cluster="a",replica="a1"}'] == 0
    assert found['portico_replica_up{cluster="b",replica="b1"}'] == 1
    assert found['portico_replica_sent_bytes_total{cluster="b",replica="b1"}'] == 0
    assert 'portico_replica_sent_bytes_total{cluster="a",replica="a1"}' not in found
