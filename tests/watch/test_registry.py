"""One table of all metrics, whose names say what they are."""

from __future__ import annotations

import ast
import re

import pytest

from portico.watch import metric, registry
from portico.watch.metric import Kind, Metric
from support.pages import ROOT

UNITS = {"", "seconds", "bytes", "ratio"}
ALL = list(registry.METRICS.values())
every = pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)


def family(one: Metric) -> str:
    """What OpenMetrics calls it."""
    return one.name.removesuffix("_total") if one.kind is Kind.COUNTER else one.name


@every
def test_a_name_follows_the_conventions(one: Metric):
    assert re.fullmatch(r"portico_[a-z][a-z0-9]*(_[a-z0-9]+)+", one.name)
    assert (one.kind is Kind.COUNTER) == one.name.endswith("_total")
    assert not one.name.endswith(registry.PARTS_OF_A_HISTOGRAM)
    assert not re.search(r"_(ms|milliseconds|minutes|days|kb|mb|mib|percent|pct)(_|$)", one.name)


@every
def test_a_unit_stands_at_the_end_of_the_name_and_nowhere_else(one: Metric):
    assert one.unit in UNITS
    if one.unit:
        assert family(one).endswith(f"_{one.unit}")
    else:
        assert family(one).rpartition("_")[2] not in UNITS


@every
def test_a_metric_says_in_a_sentence_what_it_is_and_whose(one: Metric):
    assert re.fullmatch(r"[A-Z0-9].*\.", one.help)
    assert one.owner


@every
def test_labels_are_few_and_plain(one: Metric):
    assert len(set(one.labels)) == len(one.labels) <= 3
    assert all(re.fullmatch(r"[a-z][a-z_]*", label) for label in one.labels)
    assert "le" not in one.labels


def test_no_name_is_given_twice():
    names = [one.name for one in registry._ALL]
    assert sorted(names) == sorted(set(names))


def test_no_two_metrics_are_one_to_a_scraper():
    families = [family(one) for one in ALL]
    assert sorted(families) == sorted(set(families))


def test_every_metric_that_is_declared_is_registered():
    """Each literal `portico_...` that is the first argument of a Metric, anywhere in the code."""
    declared = set()
    texts = (path.read_text() for path in (ROOT / "src").rglob("*.py"))
    for text in (text for text in texts if "Metric(" in text):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == metric.Metric.__name__:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant):
                    declared.add(first.value)
    assert declared <= set(registry.METRICS)


def test_a_signal_is_found_by_its_metric_also_as_a_part_of_a_histogram():
    histogram = next(one for one in ALL if one.kind is Kind.HISTOGRAM)
    for part in ("", *registry.PARTS_OF_A_HISTOGRAM):
        assert registry.find(f"{histogram.name}{part}") is histogram
    gauge = next(one for one in ALL if one.kind is Kind.GAUGE)
    assert registry.find(f"{gauge.name}_count") is None
    assert registry.find("portico_unheard_of") is None


def test_what_only_grows_is_known_as_such():
    growing = registry.counters()
    assert "portico_edge_requests_total" in growing
    assert "portico_edge_request_duration_seconds_bucket" in growing
    assert "portico_edge_request_duration_seconds" not in growing
    assert not [one.name for one in ALL if one.kind is Kind.GAUGE and one.name in growing]
