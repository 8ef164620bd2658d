from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from portico.config.home import Home
from portico.kit import canonical
from portico.watch import probe
from portico.watch.answer import What
from portico.watch.door import Door
from support import tinyhttp

PAGE = b"<h1>Welcome</h1>"
DIGEST = canonical.digest(PAGE)
PATIENCE_S = 60.0


async def page(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
    tinyhttp.say(writer, PAGE)


def test_a_visitor_sees_the_right_page_over_tls(tmp_path: Path):
    ca, tls = tinyhttp.certificate(tmp_path)
    with tinyhttp.serving(page, tls=tls) as address:
        seen = probe.outside(Door(address, ca), "/", DIGEST, PATIENCE_S)
    assert seen.ok
    assert seen.status == 200


def test_an_older_page_is_stale_and_a_defaced_one_is_wrong(tmp_path: Path):
    with tinyhttp.serving(page) as address:
        assert probe.outside(Door(address, None), "/", "0" * 64, PATIENCE_S, {DIGEST}).what is What.STALE
        seen = probe.outside(Door(address, None), "/", "0" * 64, PATIENCE_S)
    assert seen.what is What.WRONG
    assert not seen.ok


def test_a_certificate_that_is_not_trusted_is_told_apart(tmp_path: Path):
    _, tls = tinyhttp.certificate(tmp_path)
    other, _ = tinyhttp.certificate(tmp_path, "elsewhere")
    with tinyhttp.serving(page, tls=tls) as address:
        seen = probe.outside(Door(address, other), "/", DIGEST, PATIENCE_S)
    assert seen.what is What.CERTIFICATE


def test_a_certificate_for_another_name_is_told_apart(tmp_path: Path):
    ca, tls = tinyhttp.certificate(tmp_path, "elsewhere")
    with tinyhttp.serving(page, tls=tls) as address:
        seen = probe.outside(Door(address, ca), "/", DIGEST, PATIENCE_S)
    assert seen.what is What.CERTIFICATE


def test_nobody_listening_is_unreachable():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        seen = probe.outside(
            Door(f"http://127.0.0.1:{held.getsockname()[1]}/", None), "/", DIGEST, PATIENCE_S
        )
    assert seen.what is What.UNREACHABLE
    assert seen.status is None


def test_what_a_stranger_answers_instead_of_http_is_told_without_controls_and_not_at_length():
    async def odd(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-\x1b[2J" + b"x" * 9000 + b"\r\n")

    with tinyhttp.serving(odd) as address:
        seen = probe.outside(Door(address, None), "/", DIGEST, PATIENCE_S)
    assert seen.what is What.UNREACHABLE
    assert "SSH-2.0" in seen.why
    assert seen.why.isprintable()
    assert len(seen.why) < 300


def test_no_answer_in_time_is_unreachable():
    async def silent(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(600)

    with tinyhttp.serving(silent) as address:
        seen = probe.outside(Door(address, None), "/", DIGEST, 0.2)
    assert seen.what is What.UNREACHABLE
    assert "in time" in seen.why


def test_one_cluster_is_asked_for_one_snapshot_from_inside(tmp_path: Path):
    asked_for = []

    async def note(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        asked_for.append((asked.path, asked.headers))
        tinyhttp.say(writer, PAGE)

    home = Home(tmp_path).create()
    with tinyhttp.serving(note, unix=home.inside_socket):
        assert probe.seen_in(home, "b", "5" * 64, "/a page/é", DIGEST).ok
    path, headers = asked_for[0]
    assert path == "/a%20page/%C3%A9"
    assert headers["x-portico-cluster"] == "b"
    assert headers["x-portico-snapshot"] == "5" * 64


def test_no_edge_inside_is_unreachable(tmp_path: Path):
    seen = probe.inside(tmp_path / "nothing.sock", "a", "5" * 64, "/", DIGEST, 1)
    assert seen.what is What.UNREACHABLE
