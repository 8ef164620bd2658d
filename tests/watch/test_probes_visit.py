from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from http import client
from pathlib import Path
from types import SimpleNamespace

import pytest

from portico.watch.answer import What
from portico.watch.probes import looks, trust, visit
from portico.watch.probes.expected import Expected
from portico.watch.probes.looks import Asked
from portico.watch.probes.telling import Told
from portico.watch.probes.visit import Visit, Way
from support import edging, tinyhttp

PAGE = b"<h1>Welcome</h1>"
PATIENCE_S = 60.0


async def page(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
    tinyhttp.say(writer, PAGE + asked.path.encode())


def visited(way: Way, *paths: str, timeout: float = PATIENCE_S) -> tuple[list[bytes], Visit]:
    made = Visit(way, timeout)
    try:
        return [made.get(path).body for path in paths], made
    finally:
        made.close()


def test_a_visit_over_tls_times_name_connection_handshake_and_answer(tmp_path: Path):
    ca, tls = tinyhttp.certificate(tmp_path)
    with tinyhttp.serving(page, tls=tls) as address:
        bodies, made = visited(Way(address, trust.context(ca)), "/", "/a b")
    assert bodies == [PAGE + b"/", PAGE + b"/a%20b"]
    assert list(made.phases) == ["dns", "tcp", "tls", "first_byte", "total"]


def test_the_pages_of_a_visit_come_over_one_connection_and_the_next_visit_makes_a_new_one():
    earlier = []

    async def note(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        earlier.append(asked.earlier)
        tinyhttp.say(writer, PAGE)

    with tinyhttp.serving(note) as address:
        visited(Way(address), "/1", "/2")
        visited(Way(address), "/3")
    assert earlier == [0, 1, 0]


def test_a_connection_that_closes_between_two_pages_is_made_anew():
    async def closing(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        if asked.earlier:
            tinyhttp.reset(writer)
        else:
            tinyhttp.say(writer, PAGE)

    with tinyhttp.serving(closing) as address:
        assert visited(Way(address), "/1", "/2")[0] == [PAGE, PAGE]


def test_an_answer_that_drips_is_over_at_the_deadline():
    async def dripping(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    with tinyhttp.serving(dripping) as address, pytest.raises(TimeoutError):
        visited(Way(address), "/", timeout=0.3)


def test_a_handshake_that_drips_is_over_at_the_deadline(tmp_path: Path):
    ca, _ = tinyhttp.certificate(tmp_path)
    ended = threading.Event()

    def drip(listening: socket.socket) -> None:
        with listening.accept()[0] as connection, contextlib.suppress(OSError):
            connection.sendall(b"\x16\x03\x03\x40\x00")
            while not ended.wait(0.02):
                connection.sendall(b"\x02")

    with edging.listening() as listening:
        dripping = threading.Thread(target=drip, args=(listening,))
        dripping.start()
        way = Way(f"https://localhost:{listening.getsockname()[1]}/", trust.context(ca))
        with pytest.raises(TimeoutError):
            visited(way, "/", timeout=0.3)
        ended.set()
        socket.create_connection(listening.getsockname()).close()  # nobody came where the name took too long
        dripping.join()


def test_a_look_at_slow_pages_ends_before_they_are_all_asked_for(monkeypatch: pytest.MonkeyPatch):
    later = [0.0]
    monkeypatch.setattr(looks, "time", SimpleNamespace(monotonic=lambda: later[0]))

    pages = tuple(Expected(f"/{number}", 200) for number in range(100))
    asked = []

    def note(page: Expected, _answer: object) -> Told:
        asked.append(page.path)
        later[0] += 0.75 * PATIENCE_S
        return Told(What.RIGHT, "")

    with tinyhttp.serving(page) as address:
        assert looks.pages(Way(address), Asked(pages, note), PATIENCE_S).ok
    assert asked == ["/0", "/1", "/2"]


def test_a_name_with_a_dead_address_is_reached_at_its_other_one():
    with edging.listening() as alive, socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        places = [dead.getsockname(), alive.getsockname()]
        with visit.reach(places, visit.Clock(time.monotonic() + PATIENCE_S)) as reached:
            assert reached.getpeername() == alive.getsockname()


def test_a_header_that_comes_twice_counts_as_both():
    assert visit.joined([("A", "1"), ("b", "2"), ("a", "3")]) == {"a": "1, 3", "b": "2"}


def test_a_body_that_is_cut_off_is_no_answer():
    async def cut(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        writer.close()

    with tinyhttp.serving(cut) as address, pytest.raises(client.IncompleteRead):
        visited(Way(address), "/")


def test_a_body_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(visit, "MOST", 1000)

    async def endless(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 5000)

    with tinyhttp.serving(endless) as address:
        assert visited(Way(address), "/")[0] == [b"x" * 1001]


def test_a_name_that_nobody_knows_is_unresolved():
    told = looks.pages(Way("http://nowhere.invalid/"), Asked((Expected("/", 200),), _right), PATIENCE_S)
    assert told.what is What.UNRESOLVED
    assert looks.name("nowhere.invalid", 443, PATIENCE_S).what is What.UNRESOLVED


def test_who_gets_no_answer_asks_for_no_second_page():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        way = Way(f"http://127.0.0.1:{held.getsockname()[1]}/")
        told = looks.pages(way, Asked((Expected("/", 200), Expected("/b", 200)), _right), PATIENCE_S)
    assert told.what is What.UNREACHABLE
    assert told.bad == ("/",)


def test_the_worst_of_several_pages_is_told():
    async def mixed(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        tinyhttp.say(writer, PAGE)

    seen = {"/": What.RIGHT, "/b": What.ERROR, "/c": What.DEFACED, "/d": What.STALE}
    pages = tuple(Expected(path, 200) for path in seen)
    with tinyhttp.serving(mixed) as address:
        asked = Asked(pages, lambda page, _: Told(seen[page.path], page.path))
        told = looks.pages(Way(address), asked, PATIENCE_S)
    assert told.what is What.DEFACED
    assert told.bad == ("/c", "/d", "/b")


@pytest.mark.parametrize(
    ("to", "what"),
    [
        ("https://localhost:8443/", What.RIGHT),
        ("https://www.localhost/", What.RIGHT),
        ("https://evil.example/", What.REDIRECT),
        ("http://localhost/", What.REDIRECT),
        ("", What.REDIRECT),
    ],
)
def test_plain_http_must_lead_to_tls_on_the_same_site(to: str, what: What):
    async def moved(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        tinyhttp.say(writer, b"", 308, *([f"Location: {to}"] if to else []))

    with tinyhttp.serving(moved) as address:
        assert looks.upgrade(Way(address), PATIENCE_S).what is what


def _right(page: Expected, _answer: object) -> Told:
    return Told(What.RIGHT, page.path)
