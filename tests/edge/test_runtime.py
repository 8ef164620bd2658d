"""Changes that need no reload, on a running HAProxy."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portico.edge import authority, livemap, runtime, tls
from portico.kit.errors import UnavailableError
from support import echoing, edging
from support.edging import LIVE, NEXT, Edge


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    spare = edging.servers("a2", enabled=False)
    slots = edging.servers("a1", "b1") + spare
    with (
        edging.prepared(tmp_path, servers=slots) as made,
        echoing.replica(tmp_path, "a1"),
        echoing.replica(tmp_path, "b1"),
    ):
        made.start()
        yield made
        made.stop()


def test_a_flip_changes_what_visitors_get(edge: Edge):
    assert edge.runtime.live() == LIVE
    edge.get("/page")
    edge.runtime.flip(NEXT)
    assert edge.runtime.live() == NEXT
    assert json.loads(edge.get("/page").body)["path"] == f"/{NEXT}/page"


def test_a_flip_back_finds_the_cache_as_it_was(edge: Edge):
    edge.get("/page")
    edge.runtime.flip(NEXT)
    edge.runtime.flip(LIVE)
    assert "age" in edge.get("/page").headers


def test_no_request_under_load_sees_anything_but_the_one_or_the_other(edge: Edge):
    told: list[str] = []
    ended = threading.Event()

    def ask() -> None:
        connection = edge.connect()
        while not ended.is_set():
            answer = edging.ask(connection, "/page")
            assert answer.status == 200
            told.append(json.loads(answer.body)["path"])

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    try:
        for flip in range(20):
            edge.runtime.flip((NEXT, LIVE)[flip % 2])
            seen = len(told)
            edging.until(lambda seen=seen: len(told) > seen + 8, "answers after a flip")
    finally:
        ended.set()
        for asker in askers:
            asker.join()
    assert set(told) == {f"/{LIVE}/page", f"/{NEXT}/page"}


def test_before_the_first_publish_visitors_get_a_calm_503(tmp_path: Path):
    with edging.prepared(tmp_path) as edge, echoing.replica(tmp_path, "a1"):
        livemap.write(tmp_path, None)
        edge.start()
        assert edge.runtime.live() is None
        answer = edge.get("/page")
        assert (answer.status, answer.headers["cache-control"]) == (503, "no-store")
        edge.runtime.flip(LIVE)
        assert edge.get("/page").status == 200


def test_what_is_no_snapshot_id_is_refused(edge: Edge):
    with pytest.raises(runtime.RuntimeRefusedError):
        edge.runtime.flip("x; shutdown sessions")
    assert edge.runtime.live() == LIVE


def test_servers_are_seen_with_their_state(edge: Edge):
    edging.until(lambda: edge.runtime.servers()["a1"].check == "L7OK", "the first check")
    seen = edge.runtime.servers()
    assert seen.keys() == {"a1", "a2", "b1", "mirror"}
    assert (seen["a1"].up, seen["a1"].admin, seen["a1"].weight) == (True, "ready", 100)
    assert (seen["a2"].up, seen["a2"].admin) == (False, "maint")


def test_a_slot_is_switched_on_drained_and_switched_off(edge: Edge):
    with echoing.replica(edge.home.root, "a2") as spare:
        edge.runtime.set_state("a2", "ready")
        edging.until(lambda: asked_of(edge, spare), "a2 to be asked")
        edge.runtime.set_state("a2", "drain")
        assert edge.runtime.servers()["a2"].admin == "drain"
        asked = len(spare.asked)
        for _ in range(6):
            edge.get("/secret")
        assert len(spare.asked) == asked
        edge.runtime.set_state("a2", "maint")
        assert edge.runtime.servers()["a2"].admin == "maint"


def asked_of(edge: Edge, replica: echoing.Echo) -> bool:
    """`/secret` is never cached."""
    edge.get("/secret")
    return bool(replica.asked)


def test_a_weight_of_zero_takes_no_visitor(edge: Edge):
    edge.runtime.set_weight("a1", 0)
    assert edge.runtime.servers()["a1"].weight == 0
    assert {json.loads(edge.get("/secret").body)["name"] for _ in range(6)} == {"b1"}


def test_an_unknown_server_is_refused_in_haproxys_words(edge: Edge):
    with pytest.raises(runtime.RuntimeRefusedError, match="No such server"):
        edge.runtime.set_state("zz9", "ready")


def test_traffic_counts_what_visitors_did(edge: Edge):
    before = edge.runtime.traffic()
    edge.get("/counted")
    edge.get("/counted")
    edge.get("/counted", accept_encoding=edging.BROWSER)
    edge.get("/counted", accept_encoding=edging.BROWSER)
    edging.until(lambda: edge.runtime.traffic().requests == before.requests + 4, "four requests")
    after = edge.runtime.traffic()
    assert after.cache_hits == before.cache_hits + 2
    assert after.cache_lookups == before.cache_lookups + 4
    assert after.errors == before.errors


def test_a_certificate_is_swapped_without_a_reload(edge: Edge):
    pid = edge.runtime.worker_pid()
    before = shown(edge)
    later = datetime.now(UTC) + authority.LEAF_LIFE - timedelta(days=1)
    with edge.secure() as open_all_the_time:
        assert tls.provide(edge.home, edging.HOSTS, None, later)
        edge.runtime.swap_certificate(tls.site_pem(edge.home).read_text())
        open_all_the_time.sendall(f"GET /page HTTP/1.1\r\nhost: {edge.host}\r\n\r\n".encode())
        assert b" 200 " in open_all_the_time.recv(65536)
    assert shown(edge) != before
    assert edge.runtime.worker_pid() == pid


def test_a_certificate_that_is_none_leaves_the_old_one(edge: Edge):
    before = shown(edge)
    with pytest.raises(runtime.RuntimeRefusedError, match="set ssl cert"):
        edge.runtime.swap_certificate("-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n")
    assert shown(edge) == before
    tls.site_pem(edge.home).unlink()
    assert tls.provide(edge.home, edging.HOSTS, None, datetime.now(UTC))
    edge.runtime.swap_certificate(tls.site_pem(edge.home).read_text())
    assert shown(edge) != before


def shown(edge: Edge) -> bytes | None:
    """The certificate that a visitor sees."""
    context = edge.context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with edge.secure(context) as connection:
        return connection.getpeercert(binary_form=True)


def test_a_dead_edge_is_told_with_its_socket_and_as_temporary(tmp_path: Path):
    with pytest.raises(UnavailableError, match=r"edge\.sock") as told:
        runtime.Runtime(tmp_path / "edge.sock").live()
    assert told.value.temporary
