"""A reload takes up a new configuration and refuses nobody; a bad one leaves the old worker serving."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portico.edge import livemap, master, validate
from portico.kit.errors import UnavailableError
from support import echoing, edging
from support.edging import NEXT, Edge


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    with edging.prepared(tmp_path) as made, echoing.replica(tmp_path, "a1"), echoing.replica(tmp_path, "b1"):
        made.start()
        yield made
        made.stop()


def test_a_reload_swaps_the_worker_and_takes_up_the_new_configuration(edge: Edge):
    before = edge.runtime.worker_pid()
    edge.spec = replace(edge.spec, servers=edging.servers("a1", "b1", "c1"))
    edge.install()
    worker = master.reload(edge.home.master_socket)
    assert worker != before
    edging.until(lambda: edge.runtime.worker_pid() == worker, "the new worker at the runtime socket")
    assert "c1" in edge.runtime.servers()


def test_a_reload_reads_what_is_live_from_the_file(edge: Edge):
    edge.runtime.flip(NEXT)
    livemap.write(edge.home.root, NEXT)
    worker = master.reload(edge.home.master_socket)
    edging.until(lambda: edge.runtime.worker_pid() == worker, "the new worker at the runtime socket")
    assert edge.runtime.live() == NEXT


def test_reloads_under_load_fail_no_request_and_refuse_no_connection(edge: Edge):
    statuses: list[int] = []
    ended = threading.Event()

    def visit(path: str) -> None:
        while not ended.is_set():
            statuses.append(edge.get(path).status)

    visitors = [threading.Thread(target=visit, args=(path,)) for path in ("/page", "/secret", "/secret")]
    for visitor in visitors:
        visitor.start()
    try:
        for _ in range(4):
            seen = len(statuses)
            master.reload(edge.home.master_socket)
            edging.until(lambda seen=seen: len(statuses) > seen + 10, "answers after a reload")
    finally:
        ended.set()
        for visitor in visitors:
            visitor.join()
    assert set(statuses) == {200}


def test_a_configuration_that_does_not_run_is_told_and_the_old_one_serves_on(edge: Edge):
    before = edge.runtime.worker_pid()
    file = edge.home.root / validate.FILE
    good = file.read_text()
    file.write_text(good.replace("mode http", "mode nonsense"))
    with pytest.raises(master.ReloadFailedError):
        master.reload(edge.home.master_socket)
    assert edge.get("/page").status == 200
    assert edge.runtime.worker_pid() == before
    file.write_text(good)
    assert master.reload(edge.home.master_socket) != before


def test_the_masters_processes_are_told(edge: Edge):
    assert edge.process
    edging.until(lambda: known(edge), "the master")
    seen = master.processes(edge.home.master_socket)
    assert seen.master == edge.process.pid
    assert seen.worker == edge.runtime.worker_pid()
    assert seen.failed == 0


def known(edge: Edge) -> bool:
    try:
        return bool(master.processes(edge.home.master_socket).worker)
    except UnavailableError:
        return False


def test_no_master_is_told_with_its_socket(tmp_path: Path):
    with pytest.raises(UnavailableError, match=r"master\.sock"):
        master.reload(tmp_path / "master.sock")


def test_connections_wait_in_the_socket_while_no_edge_runs(edge: Edge):
    edge.stop()
    with socket.create_connection(("localhost", edge.http_port), timeout=edging.PATIENCE_S) as waiting:
        waiting.sendall(f"GET / HTTP/1.1\r\nhost: {edge.host}\r\nconnection: close\r\n\r\n".encode())
        edge.start()
        assert b" 308 " in edging.everything(waiting)
