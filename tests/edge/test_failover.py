"""Real replicas die behind a real edge, and visitors don't notice."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.cluster import local
from portico.edge import livemap
from portico.store.layout import Store
from support import edging, snapshots
from support.edging import Edge

REPLICAS = "a1", "a2", "b1", "b2", "mirror"
PAGES = 400


class Stack:
    """The edge, and its replicas by name; all serve one store, which is beside the point here."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self.replicas: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, name: str) -> None:
        log = (self.edge.home.logs / f"{name}.log").open("ab")
        command = [sys.executable, "-m", "portico.replica", "--store", "store", "--key", "signing.pub"]
        command += ["--socket", f"run/{name}/http.sock", "--name", name]
        with log:
            self.replicas[name] = subprocess.Popen(
                command, cwd=self.edge.home.root, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def heal(self) -> None:
        for name in REPLICAS:
            if name not in self.replicas or self.replicas[name].poll() is not None:
                self.run(name)
        for name in REPLICAS:
            edging.until(lambda name=name: local.ask(self.edge.home.replica_socket(name), 1), name)

    def send(self, number: signal.Signals, *names: str) -> None:
        for name in names:
            self.replicas[name].send_signal(number)

    def kill(self, *names: str) -> None:
        self.send(signal.SIGKILL, *names)
        for name in names:
            self.replicas[name].wait(edging.PATIENCE_S)

    def up(self) -> set[str]:
        return {name for name, seen in self.edge.runtime.servers().items() if seen.up} - {"mirror"}

    def end(self) -> None:
        for process in self.replicas.values():
            process.kill()
            process.wait(edging.PATIENCE_S)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    slots = edging.servers("a1", "a2", "b1", "b2") + edging.servers("a3", "b3", enabled=False)
    root = tmp_path_factory.mktemp("failover")
    with edging.prepared(root, servers=slots) as edge:
        edge.patient = False
        livemap.write(root, publish(root))
        made = Stack(edge)
        try:
            made.heal()
            edge.start()
            yield made
        finally:
            edge.stop()
            made.end()


@pytest.fixture
def stack(started: Stack) -> Stack:
    """All of it well, whatever the test before did."""
    started.heal()
    edging.until(lambda: started.up() == set(REPLICAS) - {"mirror"}, "all replicas")
    return started


def publish(home: Path) -> str:
    pages = {
        f"/page-{number}": snapshots.Page(
            snapshots.HTML,
            f"<h1>{number}</h1>".encode() * 200,
            (("cache-control", "public, max-age=0, s-maxage=86400, must-revalidate"),),
            encodings=("br", "gzip"),
        )
        for number in range(PAGES)
    }
    store = Store(home / "store").create()
    return snapshots.build(store, snapshots.keys(home).private, pages)


class Load:
    """Visitors who ask with HEAD, which the cache can't learn from: so each request goes to a replica."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self.statuses: list[int] = []
        self._ended = threading.Event()
        self._visitors = [threading.Thread(target=self._visit, args=(number,)) for number in range(4)]

    def _visit(self, visitor: int) -> None:
        connection = self.edge.connect()
        number = visitor
        while not self._ended.is_set():
            self.statuses.append(edging.ask(connection, f"/page-{number % PAGES}", "HEAD").status)
            number += 7

    @contextlib.contextmanager
    def running(self) -> Iterator[Load]:
        for visitor in self._visitors:
            visitor.start()
        try:
            self.more()
            yield self
        finally:
            self._ended.set()
            for visitor in self._visitors:
                visitor.join()

    def more(self, count: int = 100) -> None:
        before = len(self.statuses)
        edging.until(lambda: len(self.statuses) >= before + count, "more answers")


def test_killing_a_cluster_under_load_fails_no_request(stack: Stack):
    with Load(stack.edge).running() as load:
        stack.kill("a1", "a2")
        load.more()
        edging.until(lambda: stack.up() == {"b1", "b2"}, "cluster a to be ejected")
        stack.run("a1")
        edging.until(lambda: stack.up() == {"a1", "b1", "b2"}, "a1 to come back")
        load.more()
    assert set(load.statuses) == {200}


def test_a_stopped_replica_is_ejected_and_its_requests_are_answered_elsewhere(stack: Stack):
    with Load(stack.edge).running() as load:
        stack.send(signal.SIGSTOP, "a1")
        edging.until(lambda: "a1" not in stack.up(), "a1 to be ejected")
        load.more()
        stack.send(signal.SIGCONT, "a1")
        edging.until(lambda: "a1" in stack.up(), "a1 to come back")
    assert set(load.statuses) == {200}


def test_with_both_clusters_dead_the_very_next_request_is_answered_by_the_mirror(stack: Stack):
    stack.kill("a1", "a2", "b1", "b2")
    assert stack.edge.get("/page-3").status == 200
    assert stack.up() == set()


def test_with_everything_dead_cached_pages_stay_and_others_are_a_calm_503(stack: Stack):
    wish = {"accept_encoding": edging.BROWSER}
    kept = stack.edge.get("/page-1", **wish)
    stack.kill(*REPLICAS)
    again = stack.edge.get("/page-1", **wish)
    assert (again.status, again.body) == (200, kept.body)
    lost = stack.edge.get("/page-2", **wish)
    assert lost.status == 503
    assert "Back in a moment" in lost.text
    stack.run("b1")
    edging.until(lambda: stack.edge.get("/page-2", **wish).status == 200, "b1 to serve")


def test_a_snapshot_that_nobody_holds_is_a_503_and_ejects_nobody(stack: Stack):
    answer = stack.edge.inside("/page-1", x_portico_snapshot="0" * 64)
    assert answer.status == 503
    edging.until(lambda: stack.up() == {"a1", "a2", "b1", "b2"}, "all replicas")
