from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from portico.edge import tls
from portico.respond.listener import Listener, probes
from portico.watch.probes import far
from portico.watch.probes.intake import Intake
from support import edging, probing, tinyhttp
from support.commands import Run

SETTINGS = probing.settings(probes={"places": ["paris"], "every_s": 0.5}, watch={"port": 0})
PAGE = b"<h1>Welcome</h1>"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[probing.Stage]:
    with probing.stage(tmp_path_factory.mktemp("far"), SETTINGS) as made:
        yield made


@pytest.fixture(scope="module")
def listener(stage: probing.Stage) -> str:
    """The watcher's private listener; it ends with the tests."""
    home = stage.watched.home
    made = Listener(SETTINGS.watch, home.watch_port, probes(Intake(stage.watched)))
    made.start()
    return made.address


@pytest.fixture
def flags(stage: probing.Stage, listener: str) -> list[str]:
    home = stage.watched.home
    return [
        "--from=paris",
        f"--report-to={listener}",
        f"--token-file={home.probe_token}",
        f"--trust={tls.ca_pem(home)}",
    ]


def kept(stage: probing.Stage) -> dict[str, str]:
    return {one.target: one.what for one in far.load(stage.watched.home.watch, "paris").reports}


async def page(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
    tinyhttp.say(writer, PAGE)


def test_any_address_is_looked_at_without_a_stack(run: Run, tmp_path: Path):
    ca, server = tinyhttp.certificate(tmp_path)
    with tinyhttp.serving(page, tls=server) as address:
        ran = run("probe", "--once", address, "--trust", ca)
    assert ran.code == 0
    assert ran.out.split()[:7] == ["target", "seen", "dns", "tcp", "tls", "first", "byte"]
    assert "edge: / is answered with 200, 16 bytes" in ran.out
    assert not (tmp_path / ".portico").exists()


def test_the_phases_are_told_as_json(run: Run, tmp_path: Path):
    ca, server = tinyhttp.certificate(tmp_path)
    with tinyhttp.serving(page, tls=server) as address:
        found = json.loads(run("probe", "--once", "--json", address, "--trust", ca).out)
    assert found["edge"]["seen"] == "right"
    assert set(found["edge"]["seconds"]) == {"dns", "tcp", "tls", "first_byte", "total"}


def test_nobody_there_exits_with_5(run: Run):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        ran = run("probe", "--once", f"http://127.0.0.1:{held.getsockname()[1]}/")
    assert ran.code == 5
    assert ran.err == "error: edge: unreachable\n"


def test_a_certificate_that_is_not_trusted_exits_with_1_and_says_why(run: Run, tmp_path: Path):
    _, server = tinyhttp.certificate(tmp_path)
    with tinyhttp.serving(page, tls=server) as address:
        ran = run("probe", "--once", address)
    assert ran.code == 1
    assert "The certificate is not trusted: self-signed certificate" in ran.out


def test_without_a_stack_and_an_address_it_says_so(run: Run):
    assert run("probe", "--once").code == 5


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--report-to=http://127.0.0.1:1"], "expected the watcher's token"),
        (["--report-to=http://127.0.0.1:1", "--token-file=none"], "the token can't be read"),
        (["ftp://example.com/"], "expected an address such as"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_a_hint(run: Run, args: list[str], said: str):
    ran = run("probe", "--once", *args)
    assert ran.code == 2
    assert said in ran.err


def test_a_file_that_holds_more_than_a_token_is_refused_and_not_shown(run: Run, tmp_path: Path):
    (tmp_path / "token").write_text("secret\nother\n")
    args = ("--from=paris", "--report-to=http://127.0.0.1:1", f"--token-file={tmp_path / 'token'}")
    ran = run("probe", "--once", *args)
    assert ran.code == 2
    assert "expected one token" in ran.err
    assert "secret" not in ran.out + ran.err


def test_a_stack_is_looked_at_with_all_its_targets(stage: probing.Stage, run: Run):
    ran = run("--home", str(stage.watched.home.root), "probe", "--once", "--json")
    assert ran.code == 0
    found = json.loads(ran.out)
    assert list(found) == ["edge", "a", "b", "mirror", "redirect", "dns", "certificate"]
    assert {one["seen"] for one in found.values()} == {"right"}


def test_a_defaced_page_exits_with_6(stage: probing.Stage, run: Run):
    stage.lie = lambda _server, path: (200, b"hacked", ["content-type: text/html"]) if path == "/" else None
    ran = run("--home", str(stage.watched.home.root), "probe", "--once")
    stage.lie = lambda _server, _path: None
    assert ran.code == 6
    assert "defaced" in ran.err


def test_a_far_place_fetches_what_is_right_and_reports(stage: probing.Stage, run: Run, flags: list[str]):
    ran = run("probe", "--once", *flags)
    assert ran.code == 0, ran.err
    assert "edge: / shows the bytes of the live snapshot." in ran.out
    assert kept(stage) == {"edge": "right", "redirect": "right", "dns": "right", "certificate": "right"}


def test_a_far_place_tells_an_injected_page_from_a_defaced_and_a_stale_one(
    stage: probing.Stage, run: Run, flags: list[str]
):
    html = ["content-type: text/html; charset=utf-8"]
    old = probing.WELCOME + b"far and old"
    stage.publish(probing.site(home=old))
    stage.publish(probing.SITE)
    stage.long_ago()
    seen = {}
    for name, body in {
        "injected": probing.WELCOME + b"<script src=//evil></script>",
        "defaced": b"<h1>Owned</h1>",
        "stale": old,
    }.items():
        stage.lie = lambda _server, path, body=body: (200, body, html) if path == "/" else None
        assert run("probe", "--once", *flags).code == 6
        seen[name] = kept(stage)["edge"]
    stage.lie = lambda _server, _path: None
    assert seen == {name: name for name in seen}


def test_a_publish_between_two_looks_of_a_far_place_is_no_alarm(
    stage: probing.Stage, flags: list[str], tmp_path: Path
):
    with running(tmp_path, flags) as said:
        assert "edge  right" in said.readline()
        for number in range(3):
            stage.publish(probing.site(home=probing.WELCOME + b"%d" % number))
            _next_report(stage)
            counts = far.load(stage.watched.home.watch, "paris").counts["edge"]
            assert set(counts) == {"right"}


def test_a_place_that_nobody_expects_and_a_wrong_token_are_told(run: Run, flags: list[str], tmp_path: Path):
    unknown = run("probe", "--once", *flags[1:], "--from=rome")
    assert unknown.err.splitlines()[0].endswith("the watcher expects no such place")
    (tmp_path / "token").write_text("wrong\n")
    wrong = run("probe", "--once", *flags, f"--token-file={tmp_path / 'token'}")
    assert wrong.err.splitlines()[0].endswith("the token is not the watcher's")
    assert "keys/probe.token" in wrong.err


def _next_report(stage: probing.Stage) -> None:
    before = far.sequence(stage.watched.home.watch, "paris")
    edging.until(lambda: far.sequence(stage.watched.home.watch, "paris") > before, "a report")


@contextmanager
def running(folder: Path, flags: list[str]) -> Iterator[IO[str]]:
    """`portico probe` in a process of its own, ended with the block; what it says."""
    command = [sys.executable, "-m", "portico.cli", "probe", *flags]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as started:
        assert started.stdout
        try:
            yield started.stdout
        finally:
            started.kill()
