"""The replica as a process: how it starts, ends, steps down, and what it leaves alone."""

from __future__ import annotations

import json
import os
import pwd
import signal
import socket
import stat
import subprocess
import threading
from pathlib import Path

import psutil
import pytest

from portico.kit import unixsocket
from portico.kit.errors import Exit
from portico.model import Digest
from portico.store import read
from portico.store.layout import Store
from support import replicas, snapshots
from support.variedsite import LONG

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def snapshot(store: Store, keys: snapshots.Keys) -> Digest:
    site = {"/": (snapshots.HTML, b"home"), "/film.mp4": ("video/mp4", LONG * 8)}
    return snapshots.build(store, keys.private, site)


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [replicas.sys.executable, "-m", "portico.replica", "--name", "a1", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=replicas.PATIENCE_S, check=False)


def tree(folder: Path) -> dict[str, tuple[int, ...]]:
    found = {}
    for path in [folder, *folder.rglob("*")]:
        seen = path.stat()
        found[str(path)] = (seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_mode)
    return found


def test_it_ends_well_when_it_is_told_to(store: Store, keys: snapshots.Keys, tmp_path: Path):
    with replicas.running(store.root, keys.public_file, tmp_path) as replica:
        replica.process.send_signal(signal.SIGTERM)
        assert replica.process.wait(replicas.PATIENCE_S) == 0
        assert [json.loads(line)["event"] for line in replica.log.read_text().splitlines()] == [
            "started",
            "ended",
        ]


def test_it_finishes_what_it_answers_before_it_ends(
    store: Store, keys: snapshots.Keys, tmp_path: Path, snapshot: Digest
):
    with replicas.running(store.root, keys.public_file, tmp_path) as replica:
        connection = unixsocket.HTTPConnection(replica.socket, replicas.PATIENCE_S)
        connection.request("GET", f"/{snapshot}/film.mp4")
        response = connection.getresponse()
        replica.process.send_signal(signal.SIGTERM)
        replicas.wait_until(lambda: refuses(replica.socket))
        assert response.read() == LONG * 8
        connection.close()
        assert replica.process.wait(replicas.PATIENCE_S) == 0


def refuses(path: Path) -> bool:
    try:
        unixsocket.connect(path, 5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_the_socket_of_a_dead_predecessor_is_replaced(
    store: Store, keys: snapshots.Keys, tmp_path: Path, snapshot: Digest
):
    with replicas.running(store.root, keys.public_file, tmp_path) as first:
        first.process.kill()
        first.process.wait()
        assert first.socket.exists()
    with replicas.running(store.root, keys.public_file, tmp_path) as second:
        assert second.ask(f"/{snapshot}/").body == b"home"
        assert [path.name for path in tmp_path.glob("*.sock")] == ["http.sock"]
        assert list(tmp_path.glob(".*.sock")) == []


def test_a_successor_takes_the_socket_without_a_moment_of_none(
    store: Store, keys: snapshots.Keys, tmp_path: Path
):
    ended, failures, asked = threading.Event(), list[str](), list[int]()

    def keep_asking(path: Path) -> None:
        while not ended.is_set():
            try:
                asked.append(replicas.ask(path, "/-/live").status)
            except OSError as error:
                failures.append(repr(error))

    with replicas.running(store.root, keys.public_file, tmp_path) as first:
        asker = threading.Thread(target=keep_asking, args=(first.socket,))
        asker.start()
        with replicas.running(store.root, keys.public_file, tmp_path) as second:
            try:
                replicas.wait_until(lambda: second.live()["pid"] == second.process.pid)
            finally:
                ended.set()
                asker.join()
    assert failures == []
    assert set(asked) == {200}


def test_a_socket_deeper_than_the_kernels_limit_is_bound(
    store: Store, keys: snapshots.Keys, tmp_path: Path, snapshot: Digest
):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with replicas.running(store.root, keys.public_file, deep) as replica:
        assert len(os.fsencode(replica.socket)) > 107
        assert replica.ask(f"/{snapshot}/").body == b"home"


def test_the_edge_may_connect_whoever_it_is(store: Store, keys: snapshots.Keys, tmp_path: Path):
    with replicas.running(store.root, keys.public_file, tmp_path) as replica:
        assert stat.S_IMODE(replica.socket.stat().st_mode) == 0o666


def test_what_it_was_given_wrongly_is_told_in_one_line(store: Store, keys: snapshots.Keys, tmp_path: Path):
    sock, key, here = tmp_path / "s.sock", keys.public_file, tmp_path
    cases = [
        (("--store", here / "none", "--key", key, "--socket", sock), Exit.CONFIG, "expected a store"),
        (("--store", store.root, "--key", here / "none", "--socket", sock), Exit.CONFIG, "public key"),
        (("--store", store.root, "--key", store.lock, "--socket", sock), Exit.CONFIG, "public key"),
        (("--store", store.root, "--key", key, "--socket", here / "no" / "s"), Exit.FAILED, "No such file"),
    ]
    for words, code, told in cases:
        ended = run(*words)
        assert (ended.returncode, ended.stdout) == (code, "")
        assert told in ended.stderr
        assert ended.stderr.count("\n") == 1
        assert ended.stderr.startswith("portico.replica: ")
    assert run("--store", store.root).returncode == Exit.USAGE
    assert not sock.exists()


def test_a_wrong_start_leaves_the_running_one_its_socket(store: Store, keys: snapshots.Keys, tmp_path: Path):
    with replicas.running(store.root, keys.public_file, tmp_path) as replica:
        wrong = run("--store", tmp_path / "none", "--key", keys.public_file, "--socket", replica.socket)
        assert wrong.returncode == Exit.CONFIG
        assert replica.live()["pid"] == replica.process.pid


@needs_root
def test_started_as_root_it_serves_as_nobody_in_particular(
    store: Store, keys: snapshots.Keys, tmp_path: Path, snapshot: Digest
):
    tmp_path.chmod(0o755)
    (tmp_path / "signing.pub").write_bytes(keys.public_file.read_bytes())
    nobody = pwd.getpwnam("nobody")
    with replicas.running(Path("store"), Path("signing.pub"), tmp_path, "--user", "nobody") as replica:
        process = psutil.Process(replica.process.pid)
        assert set(process.uids()) == {nobody.pw_uid}
        assert set(process.gids()) == {nobody.pw_gid}
        status = dict(
            line.split(":\t", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
        )
        assert status["Groups"].split() == []
        assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0
        assert replica.ask(f"/{snapshot}/").body == b"home"
        assert replica.ask(f"/{snapshot}/film.mp4").body == LONG * 8
        assert replica.ask(f"/{snapshot}/film.mp4", range="bytes=0-9").body == LONG[:10]
        snapshots.flip(store.body(home_page(store, keys, snapshot)))
        assert replica.ask(f"/{snapshot}/").status == 503
        assert replica.ask("/-/ready").status == 200
        assert len(replica.refused()) == 1
        replica.process.send_signal(signal.SIGTERM)
        assert replica.process.wait(replicas.PATIENCE_S) == 0


def home_page(store: Store, keys: snapshots.Keys, snapshot: Digest) -> Digest:
    entry = read.Reader(store, keys.public).lookup(snapshot, "/")
    assert entry is not None
    return entry.digest


@needs_root
def test_a_store_that_the_user_can_not_read_is_told_at_the_start(
    store: Store, keys: snapshots.Keys, tmp_path: Path
):
    store.bodies.chmod(0o700)
    tmp_path.chmod(0o755)
    words = ("--key", keys.public_file, "--socket", "s.sock", "--store", "store", "--user", "nobody")
    command = [replicas.sys.executable, "-m", "portico.replica", "--name", "a1", *map(str, words)]
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=replicas.PATIENCE_S, check=False
    )
    assert ended.returncode == Exit.CONFIG
    assert "can't be read by this user" in ended.stderr


@needs_root
def test_a_user_that_does_not_exist_is_told(store: Store, keys: snapshots.Keys, tmp_path: Path):
    flags = ("--store", store.root, "--key", keys.public_file, "--socket", tmp_path / "s.sock")
    ended = run(*flags, "--user", "no-such-user")
    assert ended.returncode == Exit.CONFIG
    assert "no user 'no-such-user'" in ended.stderr


def test_nothing_is_written_under_the_store(
    store: Store, keys: snapshots.Keys, tmp_path: Path, snapshot: Digest
):
    before = tree(store.root)
    run_folder = tmp_path / "run"
    run_folder.mkdir()
    with replicas.running(store.root, keys.public_file, run_folder) as replica:
        for target in (
            f"/{snapshot}/",
            f"/{snapshot}/film.mp4",
            f"/{snapshot}/x",
            f"/{'ab' * 32}/",
            "/-/ready",
        ):
            replica.ask(target)
        opened = psutil.Process(replica.process.pid).open_files()
        assert not [file for file in opened if file.path.startswith(str(store.root)) and "w" in file.mode]
    assert tree(store.root) == before


def test_it_talks_to_nobody_but_those_who_ask_it(
    store: Store, keys: snapshots.Keys, tmp_path: Path, snapshot: Digest
):
    with replicas.running(store.root, keys.public_file, tmp_path) as replica:
        assert replica.ask(f"/{snapshot}/").status == 200
        connections = psutil.Process(replica.process.pid).net_connections("all")
        assert {connection.family for connection in connections} <= {socket.AF_UNIX}
        assert {connection.laddr for connection in connections} - {""} <= bound(replica.socket)


def bound(path: Path) -> set[str]:
    """The kernel remembers the name that a socket was bound by, before it took its place."""
    return {str(path)} | {
        line.split()[-1]
        for line in Path("/proc/net/unix").read_text().splitlines()
        if str(path.parent) in line
    }


def test_it_starts_and_serves_with_every_other_address_unreachable(
    store: Store, keys: snapshots.Keys, tmp_path: Path, snapshot: Digest
):
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("this system lets nobody make a network of its own")
    with replicas.running(store.root, keys.public_file, tmp_path, before=alone) as replica:
        assert replica.ask(f"/{snapshot}/").body == b"home"
        assert replica.ask("/-/ready").status == 200


def test_a_reply_that_nobody_waits_for_does_no_harm(
    store: Store, keys: snapshots.Keys, tmp_path: Path, snapshot: Digest
):
    with replicas.running(store.root, keys.public_file, tmp_path) as replica:
        for _ in range(20):
            gone = unixsocket.connect(replica.socket, 5)
            gone.sendall(f"GET /{snapshot}/film.mp4 HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            gone.close()
        assert replica.ask(f"/{snapshot}/").status == 200
        assert "failed" not in replica.log.read_text()
