"""The private door: who looks from inside chooses snapshot and cluster, and shares the visitors' cache."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator

import pytest

from support import echoing, edging
from support.edging import LIVE, NEXT, Edge


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    root = tmp_path_factory.mktemp("inside")
    names = "a1", "b1", "mirror"
    with (
        edging.prepared(root) as made,
        echoing.replica(root, names[0]),
        echoing.replica(root, names[1]),
        echoing.replica(root, names[2]),
    ):
        made.start()
        yield made
        made.stop()


def test_the_snapshot_can_be_chosen_before_it_is_live(edge: Edge):
    told = json.loads(edge.inside("/new", x_portico_snapshot=NEXT).body)
    assert told["path"] == f"/{NEXT}/new"
    assert not [name for name in told["headers"] if name.startswith("x-portico")]


def test_without_a_choice_it_is_the_live_one(edge: Edge):
    assert json.loads(edge.inside("/live").body)["path"] == f"/{LIVE}/live"


def test_a_page_that_was_warmed_inside_is_in_the_visitors_cache(edge: Edge):
    edge.inside("/warm", accept_encoding="br", x_portico_snapshot=LIVE)
    assert "age" in edge.get("/warm", accept_encoding=edging.BROWSER).headers


@pytest.mark.parametrize(("cluster", "name"), [("a", "a1"), ("b", "b1"), ("mirror", "mirror")])
def test_a_cluster_can_be_chosen_and_is_really_asked_each_time(edge: Edge, cluster: str, name: str):
    for _ in range(2):
        answer = edge.inside("/pinned", x_portico_cluster=cluster, x_portico_snapshot=NEXT)
        assert json.loads(answer.body)["name"] == name
        assert "age" not in answer.headers


@pytest.mark.parametrize(
    "wish",
    [{"x_portico_snapshot": "live"}, {"x_portico_snapshot": "A" * 64}, {"x_portico_cluster": "c"}],
)
def test_an_impossible_choice_is_refused(edge: Edge, wish: dict[str, str]):
    assert edge.inside("/page", **wish).status == 400


def test_the_sockets_are_for_their_owner_alone(edge: Edge):
    for socket in edge.home.inside_socket, edge.home.edge_socket:
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
