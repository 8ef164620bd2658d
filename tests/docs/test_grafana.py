"""The dashboards name what there is, ask what Prometheus understands, and are as they were described."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portico.watch import registry
from support import promtool
from support.pages import ROOT

FOLDER = ROOT / "deploy" / "grafana"
FILES = sorted(FOLDER.glob("*.json"))
every = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)

KINDS = {"row", "stat", "timeseries", "bargauge", "heatmap", "state-timeline"}
VARIABLES = {"$__rate_interval": "5m", "$instance": ".*"}


def read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text())


def panels(file: Path) -> list[dict[str, Any]]:
    return [panel for panel in read(file)["panels"] if panel["type"] != "row"]


def queries(file: Path) -> list[str]:
    asked = [target["expr"] for panel in panels(file) for target in panel["targets"]]
    return [*asked, *(one["expr"] for one in read(file)["annotations"]["list"])]


def test_there_is_one_for_each_part():
    assert {file.stem for file in FILES} == {
        *("overview", "edge", "clusters", "intake", "publishing", "visitors"),
    }


def test_they_are_as_dev_grafana_writes_them(tmp_path: Path):
    script = (
        "import sys, pathlib, json; sys.path.insert(0, sys.argv[1]); import grafana;"
        "print(json.dumps({name: grafana.text(one) for name, one in grafana.dashboards().items()}))"
    )
    asked = [sys.executable, "-c", script, str(ROOT / "dev")]
    written = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(written) == {file.name: file.read_text() for file in FILES}


@every
def test_every_metric_that_is_named_exists_with_these_labels(file: Path):
    for query in queries(file):
        named = re.findall(r"\b(portico_\w+)(?:\{([^}]*)\})?", query)
        assert named, query
        for name, inner in named:
            metric = registry.find(name)
            assert metric, f"{name} in {query}"
            asked = set(re.findall(r"(\w+)(?:=~|!~|!=|=)", inner)) - {"instance", "le"}
            assert asked <= set(metric.labels), query


@every
def test_a_legend_and_a_sum_name_labels_that_the_metric_has(file: Path):
    for panel in panels(file):
        for target in panel["targets"]:
            metrics = [registry.find(name) for name in re.findall(r"\bportico_\w+", target["expr"])]
            known = {"instance", "le", *(label for one in metrics if one for label in one.labels)}
            grouped = [
                label
                for found in re.findall(r"by \(([^)]*)\)", target["expr"])
                for label in found.split(", ")
            ]
            assert {*grouped, *re.findall(r"{{(\w+)}}", target["legendFormat"])} <= known, panel["title"]


@every
def test_counters_are_never_shown_as_totals(file: Path):
    growing = registry.counters()
    for query in queries(file):
        for name in re.findall(r"\bportico_\w+", query):
            assert name not in growing or re.search(rf"(rate|increase)\({name}\{{", query), query


@every
def test_its_structure_is_grafana_s(file: Path):
    board = read(file)
    assert board["uid"] == f"portico-{file.stem}"
    assert {"title", "schemaVersion", "templating", "time", "panels", "annotations"} <= board.keys()
    assert [one["name"] for one in board["templating"]["list"]] == ["datasource", "instance"]
    ids = [panel["id"] for panel in board["panels"]]
    assert ids == list(range(1, len(ids) + 1))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        assert panel["type"] in KINDS
        assert panel["title"]
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    for panel in panels(file):
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        letters = [target["refId"] for target in panel["targets"]]
        assert len(set(letters)) == len(letters) > 0


@promtool.needed
def test_prometheus_understands_every_query(tmp_path: Path):
    asked = dict.fromkeys(query for file in FILES for query in queries(file))
    for variable, value in VARIABLES.items():
        asked = {query.replace(variable, value): None for query in asked}
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(asked)]
    (tmp_path / "queries.yml").write_text(json.dumps({"groups": [{"name": "queries", "rules": rules}]}))
    assert f"{len(rules)} rules found" in promtool.check(tmp_path / "queries.yml")
