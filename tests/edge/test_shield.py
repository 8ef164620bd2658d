"""The shield at a real HAProxy: a flood is turned away, other visitors are served, and off again restores."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from portico.edge import shield
from portico.edge.spec import Limits
from support import echoing, edging
from support.echoing import Echo
from support.edging import Edge

FLOOD = 40
ELSEWHERE = "127.0.0.2"
LIMITS = Limits(requests_per_second=1000, shield_requests_per_second=2, shield_connections=8)


@dataclass
class Door:
    edge: Edge
    echo: Echo

    def raise_it(self, *, up: bool = True) -> None:
        shield.switch(self.edge.runtime, replace(self.edge.spec, shield=up))

    def visitor(self, address: str = "127.0.0.1") -> http.client.HTTPSConnection:
        made = http.client.HTTPSConnection(
            "localhost",
            self.edge.https_port,
            timeout=edging.PATIENCE_S,
            context=self.edge.context(),
            source_address=(address, 0),
        )
        self.edge.connections.append(made)
        return made

    def flood(self) -> list[int]:
        """The statuses of many requests of one address."""
        connection = self.visitor()
        return [edging.ask(connection, "/page").status for _ in range(FLOOD)]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with edging.prepared(tmp_path, limits=LIMITS) as edge, echoing.replica(tmp_path, "a1") as echo:
        edge.start()
        yield Door(edge, echo)
        edge.stop()


def test_under_the_shield_a_flood_is_answered_429_while_another_visitor_is_served(door: Door):
    assert set(door.flood()) == {200}
    door.raise_it()
    assert set(door.flood()) == {429}, "what was asked before counts"
    assert edging.ask(door.visitor(ELSEWHERE), "/page").status == 200
    door.raise_it(up=False)
    assert set(door.flood()) == {200}


def test_the_edge_says_whether_its_shield_is_up(door: Door):
    assert shield.is_up(door.edge.runtime) is False
    door.raise_it()
    assert shield.is_up(door.edge.runtime) is True


def test_an_address_holds_fewer_connections_under_the_shield(door: Door):
    door.raise_it()
    held = [door.visitor() for _ in range(LIMITS.shield_connections)]
    for one in held:
        one.connect()
    with pytest.raises((ConnectionError, OSError)):
        door.visitor().connect()
    assert edging.ask(door.visitor(ELSEWHERE), "/page").status == 200
    door.raise_it(up=False)
    assert edging.ask(door.visitor(), "/page").status == 200


@pytest.mark.parametrize("path", ["/status/404", "/status/308", "/secret/page"])
def test_under_the_shield_what_is_usually_asked_each_time_is_kept(door: Door, path: str):
    usual = [door.edge.get(path) for _ in range(2)]
    assert len(door.echo.asked) == 2
    door.raise_it()
    kept = [door.edge.get(path) for _ in range(3)]
    assert len(door.echo.asked) == 3
    assert {answer.status for answer in kept} == {usual[0].status}
    assert all("portico-kept" not in answer.headers for answer in kept)
    assert json.loads(kept[2].body)["path"] == json.loads(usual[0].body)["path"]


def test_what_was_kept_under_the_shield_is_not_given_once_it_is_down(door: Door):
    door.raise_it()
    door.edge.get("/status/404")
    door.raise_it(up=False)
    before = len(door.echo.asked)
    assert door.edge.get("/status/404").status == 404
    assert len(door.echo.asked) == before + 1


def test_under_the_shield_a_part_of_a_page_is_answered_with_the_whole_from_the_cache(door: Door):
    door.edge.get("/page")
    door.raise_it()
    before = len(door.echo.asked)
    assert door.edge.get("/page", range="bytes=0-3").status == 200
    assert len(door.echo.asked) == before


def test_an_error_of_a_replica_is_never_kept(door: Door):
    door.raise_it()
    door.edge.get("/status/500")
    door.edge.get("/status/500")
    assert len(door.echo.asked) >= 2


def test_a_reload_keeps_the_shield_that_its_configuration_says(door: Door):
    door.edge.stop()
    door.edge.spec = replace(door.edge.spec, shield=True)
    door.edge.start()
    assert shield.is_up(door.edge.runtime) is True


def test_an_edge_from_before_the_shield_says_nothing_about_it(door: Door):
    class Older:
        def ask(self, _command: str) -> str:
            return "proc.shield: undefined\n"

    assert shield.is_up(Older()) is None
