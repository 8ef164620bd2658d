"""A configuration is HAProxy's to judge before it takes the old one's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from portico.edge import render, validate
from portico.kit.errors import ConfigError, UnavailableError
from support import edging
from support.edging import Edge


@pytest.fixture
def edge(tmp_path: Path):
    with edging.prepared(tmp_path) as made:
        yield made


def test_a_good_configuration_is_installed_whole(edge: Edge):
    text = render.haproxy_cfg(edge.spec)
    validate.install(text, edge.home.root)
    assert (edge.home.root / validate.FILE).read_text() == text
    assert sorted(path.name for path in edge.home.edge.iterdir()) == ["haproxy.cfg", "live.map", "site.pem"]


def test_a_bad_line_is_told_with_its_number_and_haproxys_reason_and_nothing_is_installed(edge: Edge):
    good = render.haproxy_cfg(edge.spec)
    validate.install(good, edge.home.root)
    bad = good.replace("balance roundrobin", "balance nonsense")
    number = bad.splitlines().index("    balance nonsense") + 1
    with pytest.raises(ConfigError, match="balance nonsense") as told:
        validate.install(bad, edge.home.root)
    assert told.value.where == f"edge/haproxy.cfg:{number}"
    assert "roundrobin" in told.value.what, "HAProxy says what it would take"
    assert (edge.home.root / validate.FILE).read_text() == good
    assert not list(edge.home.edge.glob(".candidate*"))


def test_a_missing_certificate_is_told(edge: Edge):
    (edge.home.root / "edge/site.pem").unlink()
    with pytest.raises(ConfigError, match=r"site\.pem"):
        validate.check(render.haproxy_cfg(edge.spec), edge.home.root)


def test_a_missing_map_is_told(edge: Edge):
    (edge.home.root / "edge/live.map").unlink()
    with pytest.raises(ConfigError, match=r"live\.map"):
        validate.check(render.haproxy_cfg(edge.spec), edge.home.root)


def test_no_haproxy_is_told_with_what_to_install(edge: Edge, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match="apt install haproxy"):
        validate.check("global\n", edge.home.root)


def test_the_version_is_known():
    assert int(validate.version().split(".")[0]) >= 2
