from __future__ import annotations

import pytest

from portico.keeper import steps
from portico.keeper.cluster_orders import advance
from portico.keeper.orders import drilling
from portico.keeper.orders.move import Situation
from portico.keeper.wanted import wanted_of
from portico.model import Order
from support.simulated import SOAK_S, Sim


def order(**args: object) -> Order:
    return Order(1, 1000.0, "drill", args, "ada (console)", "taken")


@pytest.fixture
def now() -> Situation:
    sim = Sim()
    sim.settle()
    return Situation(sim.world(), wanted_of(sim.clusters, sim.remembered), SOAK_S, sim.clusters.max_replicas)


def test_a_drill_is_begun_and_its_order_done_at_once_so_that_no_order_is_open_while_it_runs(now):
    move = advance(order(drill="replica"), {}, now)
    assert move.steps == (steps.StartDrill("drill", "replica"),)
    assert move.done


def test_an_alert_is_drilled_by_the_same_order(now):
    assert advance(order(alert="cluster-down"), {}, now).steps == (steps.StartDrill("alert", "cluster-down"),)


def test_rate_and_seconds_are_handed_on_where_they_say_something_else_than_usual(now):
    found = advance(order(drill="replica", rate=250, seconds=30), {}, now).steps
    assert found == (steps.StartDrill("drill", "replica", (("rate", 250), ("seconds", 30))),)
    assert advance(order(drill="replica", rate=100, seconds=0), {}, now).steps[0].terms == ()


@pytest.mark.parametrize(
    "given", [{"rate": 0}, {"rate": 5001}, {"seconds": 601}, {"rate": "9"}, {"seconds": True}]
)
def test_a_load_out_of_bounds_is_refused_by_the_keeper_too(now, given):
    move = drilling.begin(order(drill="replica", **given), {}, now)
    assert "expected" in move.why
    assert not move.steps


@pytest.mark.parametrize("name", ["--help", "", "a b", "../x", 7, None])
def test_what_is_no_name_never_gets_onto_a_command_line(now, name):
    move = drilling.begin(order(drill=name), {}, now)
    assert move.why
    assert not move.steps
