"""The examples of docs/tools.md can be used as they stand."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from portico.config import load
from portico.notify.port import Port
from portico.watch import registry
from portico.watch.export.rules import alerting, document, recording
from support import promtool
from support.pages import ROOT, Page

PAGE = Page(ROOT / "docs" / "tools.md")
TOML = PAGE.code("toml")
YAML = {block.splitlines()[0].removeprefix("# "): yaml.safe_load(block) for block in PAGE.code("yaml")}


@pytest.mark.parametrize("block", TOML, ids=lambda block: block.split("\n")[0])
def test_settings_are_ones_that_portico_reads(block: str):
    values = tomllib.loads(block)
    for channel in values.get("notify", {}).get("channels", []):
        assert channel.keys() >= {"name", "url_file"}
    load.parse(values, where="the page")


def test_all_destinations_of_the_page_hold_together():
    found: dict[str, Any] = {}
    for block in TOML:
        for key, value in tomllib.loads(block).get("export", {}).items():
            found.setdefault(key, [] if isinstance(value, list) else value)
            if isinstance(value, list):
                found[key] += value
    settings = load.parse({"export": found}, where="the page").export
    names = [one.name for one in settings.destinations]
    assert names == ["prometheus", "mimir", "cloud", "collector", "service"]


@promtool.needed
def test_prometheus_reads_its_configuration_with_our_rules(tmp_path: Path):
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(YAML["prometheus.yml"]))
    (tmp_path / "portico.rules.yml").write_text(document.as_yaml(load.parse({}, where="none")))
    asked = ["promtool", "check", "config", tmp_path / "prometheus.yml"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert YAML["prometheus.yml"]["scrape_configs"][0]["static_configs"][0]["targets"] == ["127.0.0.1:9464"]


def test_the_collector_s_pipelines_lead_from_and_to_what_is_there():
    collector = YAML["the Collector's configuration"]
    sent_to = next(one["url"] for block in TOML for one in _otlp(block) if one["name"] == "collector")
    assert sent_to == f"http://{collector['receivers']['otlp']['protocols']['http']['endpoint']}"
    assert collector["service"]["pipelines"].keys() == {"metrics", "traces"}
    for pipeline in collector["service"]["pipelines"].values():
        for part in ("receivers", "processors", "exporters"):
            assert set(pipeline[part]) <= collector[part].keys()


def test_grafana_s_files_are_of_the_kinds_that_it_reads():
    (provider,) = YAML["/etc/grafana/provisioning/dashboards/portico.yml"]["providers"]
    assert provider["type"] == "file"
    (source,) = YAML["/etc/grafana/provisioning/datasources/prometheus.yml"]["datasources"]
    assert source["type"] == "prometheus"
    named = re.search(r"Import (.*?) out of", PAGE.prose, re.DOTALL)
    assert named
    files = {file.stem for file in (ROOT / "deploy" / "grafana").glob("*.json")}
    assert set(re.findall(r"`(\w+)`", named[1])) == files


def test_every_address_is_known_to_apprise(tmp_path: Path):
    addresses = [block.strip() for block in PAGE.code("text")]
    kinds = [type(Port(tmp_path)._service(address)).__name__ for address in addresses]
    assert kinds == ["NotifyPagerDuty", "NotifySlack", "NotifyWorkflows", "NotifyOpsgenie"]


def test_every_metric_and_rule_of_the_page_exists():
    names = re.findall(r"`(portico_[a-z_]+)`", PAGE.prose)
    assert names
    assert [name for name in names if registry.find(name) is None] == []
    rules = {one.name for one in alerting.extras()}
    assert set(re.findall(r"`(portico-[a-z]+)`", PAGE.prose)) == rules
    assert f"`{recording.NAME}1h`" in PAGE.prose


def _otlp(block: str) -> list[dict[str, Any]]:
    return tomllib.loads(block).get("export", {}).get("otlp", [])
