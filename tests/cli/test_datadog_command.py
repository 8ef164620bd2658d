"""`portico datadog` against the local stand-in: made once, put back, deleted, and nothing else touched."""

from __future__ import annotations

import copy
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from portico.cli import screen
from portico.config.home import Home
from portico.config.models import Edge, Settings
from portico.kit import lock
from portico.ledger.ledger import Ledger
from portico.store import signing
from portico.watch.export.datadog.account import caller, carry, plan, wanted
from portico.watch.export.datadog.account.caller import Caller
from portico.watch.export.datadog.account.service import Service
from portico.watch.export.datadog.book import Book
from portico.watch.export.datadog.mark import site_id
from support import datadogstandin
from support.commands import Run
from support.datadogstandin import APP_KEY, Fault, Seen, StandIn

AFTER = pytest.mark.usefixtures("applied_before")
EMPTY = {"monitor": {}, "slo": {}, "dashboard": {}, "synthetic": {}}


@dataclass(frozen=True)
class Finished:
    """What an apply made, there and in the ledger, for tests that begin after one."""

    kept: dict
    made: dict
    keys: Home


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    home = Home(tmp_path_factory.mktemp("finished") / "home").create()
    signing.create_keys(home.signing_key, home.public_key)
    ledger = Ledger(home.ledger)
    with datadogstandin.running() as there:
        hands = Service(Caller(there.settings(home.root), lambda _: None))
        things, _ = wanted.things(Settings(edge=Edge(hosts=["www.example.com"])), site_id(home.public_key))
        list(carry.out(plan.plan(things, [], {}), hands, Book(ledger), {}))
        assert there.misfits == []
    found = ledger.seen("datadog.objects")[0]
    ledger.close()
    return Finished(there.kept, found, home)


@pytest.fixture
def applied_before(finished: Finished, datadog: StandIn, ledger: Ledger) -> StandIn:
    datadog.kept = copy.deepcopy(finished.kept)
    datadog._numbers = count(5001)
    ledger.see("datadog.objects", finished.made)
    return datadog


@pytest.fixture
def datadog(tmp_path: Path, home: Home, ledger: Ledger, finished: Finished) -> Iterator[StandIn]:
    """All of these tests are about one site, which has one key."""
    shutil.copy(finished.keys.public_key, home.public_key)
    with datadogstandin.running() as made:
        made.settings(tmp_path)
        configure(tmp_path, made)
        yield made
        assert made.misfits == []


def configure(folder: Path, datadog: StandIn, more: str = "") -> None:
    (folder / "portico.toml").write_text(
        '[edge]\nhosts = ["www.example.com"]\n[datadog]\n'
        f'address = "{datadog.address}"\napi_key_file = "api.key"\napp_key_file = "app.key"\n{more}'
    )


def applied(run: Run, *args: str) -> dict:
    ran = run("datadog", "apply", "--json", *args)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def counted(told: dict) -> dict[str, int]:
    whats = [step["what"] for step in told["steps"]]
    return {what: whats.count(what) for what in sorted(set(whats))}


def kept(datadog: StandIn) -> int:
    """Ours, without the monitors that tests bring by themselves."""
    monitors = [one for one in datadog.kept["monitor"].values() if one["type"] != "synthetics alert"]
    return len(monitors) + sum(len(datadog.kept[kind]) for kind in ("slo", "dashboard", "synthetic"))


def writes(datadog: StandIn) -> list[str]:
    return [one.operation for one in datadog.seen if not one.operation.startswith(("list_", "get_"))]


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(run: Run, datadog: StandIn):
    told = applied(run, "--dry-run")
    assert counted(told).keys() == {"create"}
    assert writes(datadog) == []
    assert datadog.kept == EMPTY


def test_applied_twice_there_is_nothing_to_do_the_second_time(run: Run, datadog: StandIn):
    first = applied(run)
    assert counted(first) == {"create": kept(datadog)}
    before = len(writes(datadog))
    assert counted(applied(run)) == {"unchanged": kept(datadog)}
    assert len(writes(datadog)) == before
    ran = run("datadog", "diff")
    assert (ran.code, ran.out) == (0, "all of it is as it shall be\n")


@AFTER
def test_references_are_ids_by_then(run: Run, datadog: StandIn):
    slo = datadog.by_slug("slo")["slo-latency"]["id"]
    assert slo in datadog.by_slug("monitor")["burn-latency"]["query"]
    assert slo in json.dumps(datadog.by_slug("dashboard")["dashboard-overview"])


@AFTER
def test_drift_is_shown_field_by_field_and_put_back(run: Run, datadog: StandIn):
    monitor = datadog.by_slug("monitor")["monitor-edge-errors"]
    monitor["options"]["thresholds"]["critical"] = 0.9
    datadog.by_slug("dashboard")["dashboard-edge"]["title"] = "mine now"
    ran = run("datadog", "diff")
    assert ran.code == 1
    assert "options.thresholds.critical" in ran.out
    assert "there  0.9" in ran.out
    assert "mine now" in ran.out
    assert counted(applied(run))["update"] == 2
    assert datadog.by_slug("monitor")["monitor-edge-errors"]["options"]["thresholds"]["critical"] == 0.1
    assert run("datadog", "diff").code == 0


@AFTER
def test_what_portico_did_not_make_is_never_touched(run: Run, datadog: StandIn):
    theirs = {"id": 1, "name": "theirs", "type": "query alert", "query": "q", "tags": ["team:web"]}
    datadog.kept["monitor"]["1"] = theirs
    copy = {**datadog.by_slug("monitor")["monitor-edge-errors"], "id": 2}
    datadog.kept["monitor"]["2"] = copy
    another = {
        **copy,
        "id": 3,
        "tags": [tag.replace("portico_site:", "portico_site:f") for tag in copy["tags"]],
    }
    datadog.kept["monitor"]["3"] = another
    assert counted(applied(run))["leave"] == 1
    ran = run("datadog", "remove")
    assert ran.code == 0
    assert "left alone  monitor    monitor-edge-errors: a copy, which isn't ours" in ran.out
    assert datadog.kept == {**EMPTY, "monitor": {"1": theirs, "2": copy, "3": another}}


@AFTER
def test_removed_all_of_ours_is_gone_and_the_ledger_says_so(run: Run, datadog: StandIn, ledger: Ledger):
    assert run("datadog", "remove", "--dry-run").code == 0
    assert kept(datadog) == len(Book(ledger).made())
    assert run("datadog", "remove").code == 0
    assert datadog.kept == EMPTY
    assert Book(ledger).made() == {}
    deleted = ledger.events(kind="datadog.deleted")
    assert {event.subject for event in deleted} >= {"slo-latency", "dashboard-overview"}
    assert deleted[0].data["by"]
    assert ledger.verify().broken is None


@AFTER
def test_what_is_wanted_no_longer_is_deleted(run: Run, datadog: StandIn, tmp_path: Path):
    configure(tmp_path, datadog, '[probes]\npages = ["/offer"]\n')
    told = [
        (step["what"], step["slug"][:15]) for step in applied(run)["steps"] if step["what"] != "unchanged"
    ]
    assert told == [("create", "synthetic-offer"), ("delete", "synthetic-home-")]
    assert len(datadog.kept["synthetic"]) == 2


def test_a_crash_between_making_and_noting_makes_nothing_twice(run: Run, datadog: StandIn):
    """The service did it, the answer never came: once for each kind of object."""
    for operation in ("create_slo", "create_monitor", "create_synthetics_api_test", "create_dashboard"):
        datadog.faults = [Fault(0, operation=operation, done=True)]
        ran = run("datadog", "apply")
        assert ran.code == 5, ran.err
    applied(run)
    assert counted(applied(run)) == {"unchanged": kept(datadog)}


def test_a_process_that_is_killed_in_the_middle_leaves_nothing_that_is_made_twice(
    run: Run, datadog: StandIn, tmp_path: Path
):
    """At the moment in which the service has made a monitor, and nobody has noted its id."""
    command = [sys.executable, "-m", "portico.cli", "datadog", "apply"]
    child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(seen: Seen) -> None:
        if seen.operation == "create_monitor" and len(datadog.kept["monitor"]) == 7:
            child.kill()

    datadog.did = kill
    assert child.wait(60) == -signal.SIGKILL
    assert len(datadog.kept["monitor"]) == 7
    told = applied(run)
    assert counted(told)["unchanged"] == 4 + 7
    assert counted(applied(run)) == {"unchanged": kept(datadog)}


def test_an_error_in_the_middle_is_gone_on_from(run: Run, datadog: StandIn):
    datadog.faults = [Fault(503, operation="create_synthetics_api_test")]
    ran = run("datadog", "apply")
    assert ran.code == 5
    assert "synthetic synthetic-home-" in ran.err
    assert "run it again: it goes on there" in ran.err
    half = kept(datadog)
    assert half > 0
    assert counted(applied(run))["unchanged"] == half
    assert run("datadog", "diff").code == 0


def test_a_limit_of_requests_is_waited_for_and_gone_on(
    run: Run, datadog: StandIn, monkeypatch: pytest.MonkeyPatch
):
    rested: list[float] = []
    monkeypatch.setattr(caller.Caller.__init__, "__defaults__", (rested.append,))
    datadog.faults = [Fault(429, times=2, operation="create_monitor", headers={"X-RateLimit-Reset": "17"})]
    applied(run)
    assert rested == [17, 17]
    assert run("datadog", "diff").code == 0


def test_a_limit_that_is_not_lifted_for_long_is_an_error_that_passes(
    run: Run, datadog: StandIn, monkeypatch: pytest.MonkeyPatch
):
    rested: list[float] = []
    monkeypatch.setattr(caller.Caller.__init__, "__defaults__", (rested.append,))
    datadog.faults = [Fault(429, times=99, headers={"X-RateLimit-Reset": "250", "Retry-After": "1"})]
    assert run("datadog", "apply").code == 5
    assert rested == [250, 250]


@AFTER
def test_after_the_ledger_was_lost_nothing_is_doubled_and_adopt_takes_over(
    run: Run, datadog: StandIn, ledger: Ledger
):
    ledger.see("datadog.objects", {})
    many = kept(datadog)
    assert counted(applied(run)) == {"leave": many}
    assert kept(datadog) == many
    assert counted(applied(run, "--adopt")) == {"unchanged": many}
    assert len(Book(ledger).made()) == many


def test_a_wrong_key_is_told_and_never_shown(run: Run, datadog: StandIn, tmp_path: Path):
    (tmp_path / "app.key").write_text("c" * 40)
    ran = run("datadog", "diff")
    assert ran.code == 3
    assert "Datadog refuses the keys (403)" in ran.err
    assert "c" * 40 not in ran.out + ran.err
    assert APP_KEY not in ran.out + ran.err


def test_without_keys_it_says_which_settings_are_missing(run: Run, home: Home, ledger: Ledger):
    ran = run("datadog", "apply")
    assert ran.code == 3
    assert "expected api_key_file and app_key_file" in ran.err


def test_nobody_there_is_an_error_that_passes(run: Run, datadog: StandIn, tmp_path: Path):
    with datadogstandin.running() as gone:
        configure(tmp_path, gone)
    ran = run("datadog", "diff")
    assert ran.code == 5
    assert "Datadog can't be reached" in ran.err


def test_two_at_a_time_are_refused(run: Run, datadog: StandIn, home: Home):
    with lock.held(home.run / "datadog.lock"):
        ran = run("datadog", "apply")
    assert ran.code == 5
    assert "another portico datadog is at work" in ran.err


def test_what_is_skipped_says_why(run: Run, datadog: StandIn, tmp_path: Path):
    text = (tmp_path / "portico.toml").read_text().replace("www.example.com", "localhost")
    (tmp_path / "portico.toml").write_text(text)
    screen.out.cache_clear()
    ran = run("datadog", "apply")
    assert ran.code == 0
    assert "skipped synthetic tests, because localhost isn't reached from the internet" in ran.out
    assert datadog.kept["synthetic"] == {}
