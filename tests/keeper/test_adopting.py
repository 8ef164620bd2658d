"""What a new keeper makes of what runs already."""

import os
import signal
import time

import pytest

from support.stack import Stack, running_stack, until, write_settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="module")
def stack(folder):
    with running_stack(None, folder) as stack:
        yield stack


def healthy(stack: Stack) -> bool:
    return all(cluster["state"] == "up" for cluster in stack.status()["clusters"])


def answering(stack: Stack) -> dict[str, int]:
    """The replicas of cluster a, as the keeper sees them."""
    [cluster] = [one for one in stack.status()["clusters"] if one["name"] == "a"]
    return {one["name"]: one["pid"] for one in cluster["replicas"]}


def opened(stack: Stack) -> list[str]:
    ledger = stack.ledger()
    try:
        return [event.subject for event in ledger.events(kind="finding.open")]
    finally:
        ledger.close()


def test_a_new_keeper_takes_no_replica_that_answers_for_dead(stack):
    dead = stack.alive()
    for name in ("a1", "a2"):
        os.kill(dead[name], signal.SIGKILL)
    until(lambda: dead.items().isdisjoint(answering(stack).items()) and healthy(stack))
    before, keeper = opened(stack), stack.pid("keeper")
    os.kill(keeper, signal.SIGKILL)
    until(
        lambda: stack.pid("keeper") != keeper and stack.status()["keeper"].get("tick_ms") and healthy(stack)
    )
    assert stack.cli("scale", "a", "2").returncode == 0
    assert opened(stack) == before


def test_a_keeper_that_stood_still_takes_nobody_for_dead(stack):
    before, running, keeper = opened(stack), stack.alive(), stack.pid("keeper")
    os.kill(keeper, signal.SIGSTOP)
    try:
        until(lambda: time.time() - stack.home.record("keeper").stat().st_mtime > 2)
    finally:
        os.kill(keeper, signal.SIGCONT)
    assert stack.cli("scale", "a", "2").returncode == 0
    assert opened(stack) == before
    assert stack.alive() == running


def test_replicas_of_a_cluster_that_is_not_named_any_more_are_stopped(stack, folder):
    write_settings(folder / "portico.toml", None, 'clusters.names = ["x", "b"]')
    assert stack.cli("up", "--detach").returncode == 0
    until(lambda: not {"a1", "a2"} & stack.alive().keys())
    assert {"x1", "x2", "b1", "b2", "mirror"} <= stack.alive().keys()
    assert stack.get("/").status == 200
