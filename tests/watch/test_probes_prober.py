from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from portico.watch import increases, signal
from portico.watch.answer import What
from portico.watch.probes import far, metrics, telling
from portico.watch.probes.prober import Prober
from portico.watch.probes.report import Report
from support import edging, probing, replicas

OFTEN = {"every_s": 0.5, "fails": 2, "pages": ["/", "/film.mp4"]}
QUICK = probing.settings(probes=OFTEN)
IMPATIENT = probing.settings(probes={**OFTEN, "timeout_s": 1})
"""Where nobody answers: who is only slow is looked at again."""


@contextmanager
def probing_at(stage: probing.Stage) -> Iterator[Prober]:
    prober = Prober(stage.watched)
    prober.start()
    try:
        yield prober
    finally:
        prober.stop()


def latest(prober: Prober) -> dict[str, Report]:
    return {report.target: report for report in prober.reports()}


def until(prober: Prober, target: str, *what: What, confirmed: bool = False) -> Report:
    def seen() -> bool:
        report = latest(prober).get(target)
        return bool(report and report.what in what and report.confirmed >= confirmed)

    edging.until(seen, f"{target} to be {what}")
    return latest(prober)[target]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[probing.Stage]:
    with probing.stage(tmp_path_factory.mktemp("prober"), QUICK) as made:
        yield made


def test_every_target_is_reported_with_counts_and_durations(stage: probing.Stage):
    names = {"edge", "a", "b", "mirror", "redirect", "dns", "certificate"}
    with probing_at(stage) as prober:
        edging.until(lambda: set(latest(prober)) == names, "all targets to be reported")
        assert all(report.ok and not report.confirmed for report in prober.reports())
        found = {one.key: one.value for one in prober.signals(0)}
    assert found['portico_probe_looks_total{place="here",result="right",target="edge"}'] >= 1
    assert found['portico_probe_looks_total{place="here",result="defaced",target="edge"}'] == 0
    assert found['portico_probe_duration_seconds{phase="tls",place="here",target="edge"}'] > 0
    known = {metric.name for metric in metrics.METRICS}
    assert {signal.parse(key)[0] for key in found} <= known
    assert len(found) < 110


def test_the_first_failure_is_an_increase(stage: probing.Stage):
    seen = increases.Increases({metrics.LOOKS.name})
    with probing_at(stage) as prober:
        until(prober, "a", What.RIGHT)
        seen.of(prober.signals(0))
        stage.lie = lambda server, _path: (500, b"", []) if server == "a" else None
        until(prober, "a", What.ERROR)
        found = seen.of(prober.signals(0))
        stage.lie = lambda _server, _path: None
    assert found['portico_probe_looks_total{place="here",result="error",target="a"}'] >= 1


def test_what_one_of_two_places_sees_burns_no_promise(tmp_path: Path):
    probes = {**QUICK.probes.model_dump(), "places": ["paris"], "agree": 2}
    with probing.stage(tmp_path, probing.settings(probes=probes)) as stage, probing_at(stage) as prober:
        until(prober, "edge", What.RIGHT)
        for number in (1, 2, 3):
            before = latest(prober)["edge"].at
            edging.until(lambda since=before: latest(prober)["edge"].at > since, "a look from here")
            counts = {"edge": {What.CERTIFICATE: 10 * number}}
            far.save(stage.watched.home.watch, "paris", far.Kept([], counts, number))
            found = {one.key: one.value for one in prober.signals(100 * number)}
    looks, agreed = metrics.LOOKS.name, metrics.AGREED.name
    assert found[f'{looks}{{place="paris",result="certificate",target="edge"}}'] == 30
    assert found[f'{agreed}{{result="certificate",target="edge"}}'] == 0


def test_a_defaced_page_is_confirmed_after_so_many_looks_and_over_when_it_is_right(stage: probing.Stage):
    with probing_at(stage) as prober:
        until(prober, "a", What.RIGHT)
        stage.lie = lambda _server, path: (
            (200, b"hacked", ["content-type: text/html"]) if path == "/" else None
        )
        report = until(prober, "a", What.DEFACED, confirmed=True)
        assert report.fails >= 2
        assert report.agreeing == ("here",)
        stage.lie = lambda _server, _path: None
        assert not until(prober, "a", What.RIGHT).confirmed


def test_a_silent_server_does_not_hold_up_the_looks_at_the_others(stage: probing.Stage):
    with probing_at(replace(stage, watched=replace(stage.watched, settings=IMPATIENT))) as prober:
        until(prober, "a", What.RIGHT)
        silent = edging.listening()
        status = stage.watched.status
        assert status
        address = f"https://localhost:{silent.getsockname()[1]}/"
        stage.watched.ledger.see("status", {**status, "address": address})
        until(prober, "edge", What.UNREACHABLE, confirmed=True)
        report = until(prober, "a", What.RIGHT)
        edging.until(lambda: latest(prober)["a"].at > report.at, "the next look at a")
        stage.watched.ledger.see("status", status)
        silent.close()


def test_a_home_that_is_half_there_ends_no_thread(tmp_path: Path):
    with probing.stage(tmp_path, QUICK) as stage, probing_at(stage) as prober:
        until(prober, "edge", What.RIGHT)
        shutil.move(stage.watched.home.origin, tmp_path / "origin-away")
        shutil.move(stage.watched.home.clusters, tmp_path / "clusters-away")
        shutil.move(tmp_path / "edge", tmp_path / "edge-away")
        stage.watched.ledger.want("snapshot", "e" * 64)
        until(prober, "edge", What.UNKNOWN)
        shutil.move(tmp_path / "edge-away", tmp_path / "edge")
        shutil.move(tmp_path / "origin-away", stage.watched.home.origin)
        shutil.move(tmp_path / "clusters-away", stage.watched.home.clusters)
        stage.publish(probing.SITE)
        until(prober, "edge", What.RIGHT)


def test_real_replicas_are_seen_right_and_their_death_is_seen(tmp_path: Path):
    with probing.watched(tmp_path, IMPATIENT) as (watched, keys), ExitStack() as held:
        edge = held.enter_context(edging.prepared(tmp_path))
        stage = probing.Stage(watched, keys, edge)
        film = ("video/mp4", bytes(telling.LARGE + 7))
        stage.publish({**probing.SITE, "/film.mp4": film})
        stage.long_ago()
        running = {
            name: held.enter_context(
                replicas.running(watched.home.store(store), watched.home.public_key, folder)
            )
            for name, store in (("a1", "a"), ("b1", "b"), ("mirror", "mirror"))
            if (folder := watched.home.replica_run(name))
        }
        edge.start()
        watched.ledger.see("status", {"address": f"https://localhost:{edge.https_port}/"})
        prober = held.enter_context(probing_at(stage))
        for target in ("edge", "a", "b", "mirror"):
            until(prober, target, What.RIGHT)
        replicas.end(running["a1"].process)
        until(prober, "a", What.ERROR, confirmed=True)
        until(prober, "edge", What.RIGHT)
        edge.stop()
        until(prober, "edge", What.UNREACHABLE, confirmed=True)
