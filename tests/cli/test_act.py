"""`portico act`: listed, tried dry, ordered, taken back, answered; and once on a running stack."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.config.home import Home
from portico.config.models import Settings
from portico.edge import runtime, shield, tls
from portico.kit.errors import Exit
from portico.ledger import asks
from portico.ledger.ledger import Ledger
from portico.respond.actions.plan import Reactions
from portico.store import signing
from portico.watch.watched import Watched
from support import acting, trees
from support.acting import finding
from support.commands import Run
from support.stack import PATIENCE_S, Stack, running_stack, until

QUESTION = asks.Question(
    "fail-over",
    "drain",
    {"cluster": "a", "action": "fail-over", "why": "Cluster a lies."},
    "probe:a@1",
    "Drain cluster a: visitors are served by cluster b alone.",
    7,
)


@pytest.fixture
def well(home: Home, ledger: Ledger) -> Ledger:
    """A ledger in which the keeper sees two healthy clusters."""
    ledger.see("status", acting.well())
    return ledger


def asked(ledger: Ledger) -> int:
    return asks.create(ledger, QUESTION, ledger.now + 600) or 0


def test_the_list_says_policy_and_what_each_would_do_now(run: Run, well: Ledger):
    erring = finding("replica-errors:a1", cluster="a", replica="a1")
    well.reconcile_findings({erring.key: erring}, source="watch")
    ran = run("act", "list")
    assert ran.code == 0
    assert "fail-over" in ran.out
    assert "eject-replica now: Eject replica a1: visitors are served by replica a2" in ran.out
    rows = {row["name"]: row for row in json.loads(run("act", "list", "--json").out)}
    assert rows["eject-replica"]["why"] == "replica-errors:a1 is off."
    assert rows["fail-over"]["policy"] == "ask"
    assert rows["fail-over"]["would"] is None
    assert rows["shield"]["left"] == {"hour": 2, "day": 6}


def test_a_dry_run_says_what_would_be_done_and_does_nothing(run: Run, well: Ledger):
    ran = run("act", "run", "fail-over", "a", "--dry-run")
    assert ran.out == "would: Drain cluster a: visitors are served by cluster b alone.\n"
    assert well.open_orders() == []


def test_a_dry_run_tells_what_forbids_it(run: Run, well: Ledger):
    status = acting.well()
    status["clusters"][1]["drained"] = True
    for replica in status["clusters"][1]["replicas"]:
        replica["state"] = "drained"
    well.see("status", status)
    said = json.loads(run("act", "run", "fail-over", "a", "--dry-run", "--json").out)
    assert said["but"] == "cluster a is the last healthy cluster"
    refused = run("act", "run", "fail-over", "a", "--yes", "--no-wait")
    assert refused.code == Exit.FAILED
    assert "hint: --force does it all the same" in refused.err
    assert run("act", "run", "fail-over", "a", "--yes", "--no-wait", "--force").code == 0
    assert well.open_orders()[0].args["force"] is True


def test_an_action_becomes_an_order_with_the_persons_name(
    run: Run, well: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LOGNAME", "ada")
    assert run("act", "run", "eject-replica", "b1", "--yes", "--no-wait").out == "order 1 is given\n"
    order = well.get_order(1)
    assert (order.kind, order.args["replica"], order.args["action"], order.by) == (
        "eject",
        "b1",
        "eject-replica",
        "ada",
    )


def test_where_nobody_can_be_asked_a_yes_is_expected(run: Run, well: Ledger):
    ran = run("act", "run", "free-disk")
    assert ran.code == Exit.USAGE
    assert "expected --yes" in ran.err
    assert well.open_orders() == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nap",), "there is no action 'nap'"),
        (("fail-over", "west"), "there is no cluster 'west'"),
        (("fail-over",), "expected the name of a cluster"),
        (("shield", "now"), "shield takes no arguments"),
    ],
)
def test_a_wrong_name_is_told_with_what_was_expected(
    run: Run, well: Ledger, words: tuple[str, ...], told: str
):
    ran = run("act", "run", *words, "--yes")
    assert ran.code == Exit.USAGE
    assert told in ran.err


def test_an_order_that_takes_nothing_away_has_nothing_to_undo(run: Run, well: Ledger):
    run("act", "run", "repair-store", "a", "--yes", "--no-wait")
    well.settle(well.get_order(1), "done")
    ran = run("act", "undo", "1")
    assert ran.code == Exit.FAILED
    assert "there is nothing to take back" in ran.err


def test_undo_says_dry_what_it_would_do_and_gives_the_order_once(run: Run, well: Ledger):
    run("act", "run", "eject-replica", "b1", "--yes", "--no-wait")
    assert "still waiting" in run("act", "undo", "1", "--no-wait").err
    well.settle(well.get_order(1), "done")
    assert run("act", "undo", "1", "--dry-run").out == "would: Send visitors to replica b1 again.\n"
    assert run("act", "undo", "1", "--no-wait").out == "order 2 is given\n"
    assert well.get_order(2).kind == "readmit"
    assert "took it back already" in run("act", "undo", "1", "--no-wait").err


def test_open_questions_are_listed_and_answered(run: Run, well: Ledger):
    assert run("act", "asks").out == "nothing is asked\n"
    number = asked(well)
    assert "Drain cluster a: visitors are served by cluster b alone." in run("act", "asks").out
    assert json.loads(run("act", "asks", "--json").out)[0]["why"] == "Cluster a lies."
    assert run("act", "answer", number, "yes", "--no-wait").out == "order 1 is given\n"
    assert well.get_order(1).args["ask"] == number
    assert run("act", "asks").out == "nothing is asked\n"


def test_a_no_orders_nothing(run: Run, well: Ledger):
    number = asked(well)
    assert run("act", "answer", number, "no").out == "it will not be done\n"
    assert well.open_orders() == []
    late = run("act", "answer", number, "yes")
    assert late.code == Exit.FAILED
    assert "refused" in late.err


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Stack]:
    site = trees.write(tmp_path / "site", {"index.html": "<title>Hello</title><h1>Hello</h1>"})
    with running_stack(site, tmp_path, "[clusters]\nreplicas = 2\n[keeper]\nsoak_s = 0") as made:
        yield made


def done(made: Stack, *words: str) -> dict:
    ran = made.cli("act", *words, "--json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_the_actions_on_a_running_stack_are_done_and_taken_back(running: Stack):
    """One stack for all of them: it is the keeper and the edge that are tried here, together."""
    until(lambda: running.get("/").status == 200)
    api = runtime.Runtime(running.home.edge_socket, timeout=PATIENCE_S)

    raised = done(running, "run", "shield", "--yes")
    assert shield.is_up(api) is True
    assert running.status()["shield"] > 0
    done(running, "undo", str(raised["order"]))
    assert shield.is_up(api) is False

    alone = done(running, "run", "serve-from-mirror", "--yes")
    assert {api.servers()[name].admin for name in ("a1", "a2", "b1", "b2")} == {"drain"}
    assert "the mirror serves alone" in running.cli("status").stdout
    assert running.get("/").status == 200
    done(running, "undo", str(alone["order"]))
    assert running.get("/").status == 200

    before = tls.site_pem(running.home).read_bytes()
    done(running, "run", "renew-certificate", "--yes")
    assert tls.site_pem(running.home).read_bytes() != before
    assert running.get("/").status == 200

    spoilt = next(path for path in running.home.store("a").rglob("*.br"))
    spoilt.chmod(0o644)
    spoilt.write_bytes(b"no brotli")
    assert done(running, "run", "repair-store", "a", "--yes")["repaired"] >= 1
    assert done(running, "run", "free-disk", "--yes")["bytes"] >= 0

    failed_over = done(running, "run", "fail-over", "a", "--yes")
    assert running.status()["clusters"][0]["state"] == "drained"
    refused = running.cli("drain", "b")
    assert "b is the last healthy cluster" in refused.stderr
    done(running, "undo", str(failed_over["order"]))
    until(lambda: running.status()["clusters"][0]["state"] == "up")
    until(lambda: running.status()["findings"] == [])

    erring = finding("replica-errors:a1", cluster="a", replica="a1")
    ledger = running.ledger()
    watched = Watched(running.home, Settings(), None, ledger, signing.load_public(running.home.public_key))
    reactions = Reactions(watched)
    ledger.reconcile_findings({erring.key: erring}, source="test")
    until(
        lambda: reactions.tick(time.time()) or running.status()["ejected"] == ["a1"],
        what="a1 to be ejected by policy, once cluster b was not touched for a while",
    )
    until(lambda: api.servers()["a1"].admin == "drain")
    ledger.reconcile_findings({}, source="test")
    reactions.tick(time.time() + 400)
    until(lambda: running.status()["ejected"] == [], what="a1 to be let back")
    until(lambda: api.servers()["a1"].admin == "ready")
    assert ledger.verify().broken is None
    ledger.close()
