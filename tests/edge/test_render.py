"""The configuration as text: whole against a golden file, and what must hold for every spec."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.config.models import Settings
from portico.edge import render, spec, validate
from portico.edge.spec import EdgeSpec, Limits
from support import edging

GOLDEN = Path(__file__).with_name("golden.cfg")


def small() -> EdgeSpec:
    return EdgeSpec(
        hosts=("localhost", "www.example.org", "::1"),
        https_port=8443,
        servers=edging.servers("a1", "b1") + edging.servers("a2", "b2", enabled=False),
        threads=2,
        user="haproxy",
        group="haproxy",
    )


def test_the_text_is_the_golden_one():
    """After a change that is meant: `python tests/edge/test_render.py` writes it anew, and read the diff."""
    assert render.haproxy_cfg(small()) == GOLDEN.read_text()


def section(text: str, title: str) -> list[str]:
    found = re.search(rf"^{re.escape(title)}\b.*\n((?:    .*\n|\n(?=    ))*)", text + "\n", re.MULTILINE)
    assert found, f"no section {title}"
    return [line.strip() for line in found.group(1).splitlines() if line.strip()]


def test_the_same_spec_gives_the_same_text():
    assert render.haproxy_cfg(small()) == render.haproxy_cfg(small())


def test_no_path_is_absolute_so_the_text_is_the_same_on_every_machine():
    text = render.haproxy_cfg(small())
    assert not re.search(r"(unix@|crt |map\()/", text)


def test_every_slot_is_a_server_and_those_not_enabled_start_switched_off():
    lines = [line.split() for line in section(render.haproxy_cfg(small()), "backend site") if "unix@" in line]
    assert [line[1] for line in lines] == ["a1", "b1", "a2", "b2", "mirror"]
    assert [line[1] for line in lines if "disabled" in line] == ["a2", "b2"]
    assert lines[-1][-1] == "backup"


def test_one_request_can_walk_past_every_slot_to_the_mirror():
    lines = section(render.haproxy_cfg(small()), "backend site")
    assert "retries 6" in lines


def test_each_cluster_and_the_mirror_can_be_asked_alone():
    text = render.haproxy_cfg(small())
    for name in "a", "b", "mirror":
        assert section(text, f"backend only-{name}")


def test_the_standard_port_is_not_told():
    text = render.haproxy_cfg(replace(small(), https_port=443))
    assert "https://%[req.hdr(host),host_only,lower]%[pathq]" in text
    assert "http-request set-header host localhost\n" in text


def test_what_runs_for_each_visitor_stays_short():
    """The hot path; each line here costs every request (docs/decisions/0030)."""
    rules = [
        line for line in section(render.haproxy_cfg(small()), "frontend https") if line.startswith("http-")
    ]
    assert len(rules) <= 6


def test_the_private_listeners_and_the_runtime_are_unix_sockets_for_their_owner():
    text = render.haproxy_cfg(small())
    assert "bind unix@run/inside.sock mode 600" in text
    assert "bind unix@run/vitals.sock mode 600 user haproxy" in text
    assert "stats socket unix@run/edge.sock mode 600 level admin" in text
    assert len(re.findall(r"^ +bind ", text, re.MULTILINE)) == 4


def test_nobody_is_become_when_nobody_is_named():
    text = render.haproxy_cfg(replace(small(), user=None, group=None))
    assert not re.search(r"^ +(user|group) ", text, re.MULTILINE)


def test_the_settings_become_a_spec():
    asked = Settings.model_validate(
        {
            "edge": {
                "hosts": ["WWW.example.org"],
                "threads": 3,
                "requests_per_second": 7,
                "posts_per_minute": 9,
                "cache_mib": 9,
            },
            "clusters": {"names": ["east", "west"], "replicas": 1, "max_replicas": 2},
        }
    )
    made = spec.of(asked, https_port=444, enabled={"east1", "west1"}, threads=1)
    assert made.hosts == ("www.example.org",)
    assert made.host == "www.example.org:444"
    assert made.clusters == ("east", "west")
    assert [(one.name, one.cluster, one.enabled) for one in made.servers] == [
        ("east1", "east", True),
        ("east2", "east", False),
        ("west1", "west", True),
        ("west2", "west", False),
    ]
    assert (made.threads, made.cache_mib, made.limits.requests_per_second) == (3, 9, 7)
    assert (made.limits.posts_per_minute, made.limits.usual_posts_per_minute) == (9, 3)


SPECS = st.builds(
    EdgeSpec,
    hosts=st.lists(
        st.sampled_from(["localhost", "::1", "127.0.0.1", "*.example.org", "a-b.example.org"]),
        min_size=1,
        unique=True,
    ).map(tuple),
    https_port=st.integers(1, 65535),
    servers=st.lists(st.sampled_from(edging.servers("a1", "a2", "b1", "c12")), min_size=1, unique=True).map(
        tuple
    ),
    threads=st.integers(1, 4),
    cache_mib=st.integers(1, 4095),
    limits=st.builds(
        Limits,
        connections=st.integers(16, 100000),
        connections_per_address=st.integers(1, 100000),
        requests_per_second=st.integers(1, 10**6),
    ),
)


@settings(max_examples=12, deadline=None)
@given(asked=SPECS)
def test_haproxy_takes_whatever_is_rendered(asked: EdgeSpec, tmp_path_factory: pytest.TempPathFactory):
    with edging.prepared(tmp_path_factory.mktemp("any")) as edge:
        validate.check(render.haproxy_cfg(asked), edge.home.root)


if __name__ == "__main__":
    GOLDEN.write_text(render.haproxy_cfg(small()))
