"""What browsers measured, through a real edge to a real socket; nothing else comes that far."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.edge import livemap, master, shield, vitals
from portico.edge.spec import Limits
from portico.kit import unixsocket
from portico.model import STATUS
from support import edging
from support.edging import Edge

BODY = b"kind=home&device=phone&lcp=1830&cls=12&inp=96&ttfb=210"
LATER = b"kind=form&device=desktop&lcp=900"
PER_MINUTE = 60
STATUS_HOST = "status.example"


@pytest.fixture(scope="module")
def edge(tmp_path_factory) -> Iterator[Edge]:
    limits = Limits(visits_per_minute=PER_MINUTE)
    root = tmp_path_factory.mktemp("vitals")
    with edging.prepared(root, limits=limits, status_host=STATUS_HOST) as made:
        livemap.write(root, edging.LIVE, STATUS)
        made.start()
        yield made


@pytest.fixture
def heard(edge) -> Iterator[socket.socket]:
    """The watcher's end."""
    path = edge.home.root / vitals.SOCKET
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        with unixsocket.reachable(path) as address:
            made.bind(address)
        made.settimeout(edging.PATIENCE_S)
        yield made
    path.unlink()


def first_heard(heard: socket.socket) -> bytes:
    """The first that is a visit: the worker before a reload says at any time that it ends."""
    lines = (heard.recv(4096).removesuffix(b"\n") for _ in itertools.count())
    return next(line for line in lines if vitals.parse(line))


def told(edge: Edge, body: bytes = BODY, path: str = vitals.PATH, **headers: str) -> edging.Answer:
    said = {
        "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
        "origin": f"https://{edge.host}",
        "sec-fetch-site": "same-origin",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    named = {name: value for name, value in said.items() if value}
    return edge.get(path, method="POST", body=body, **named)


def test_what_a_browser_measured_is_taken_by_the_edge_alone_and_comes_to_the_watcher(edge, heard):
    """No replica runs here."""
    answer = told(edge, cookie="id=7", user_agent="Mozilla/5.0", accept_encoding=edging.BROWSER)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert first_heard(heard) == BODY


def test_nobody_waits_for_a_watcher_that_is_not_there(edge):
    assert told(edge).status == 204


def test_a_reload_loses_no_beacon(edge, heard):
    master.reload(edge.home.master_socket)
    assert told(edge).status == 204
    assert first_heard(heard) == BODY


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"body": b"kind=home&device=phone&lcp=NaN"}, 400),
        ({"body": b"kind=home&device=phone&lcp=-1"}, 400),
        ({"body": b"kind=home&device=phone&lcp=123456"}, 400),
        ({"body": b"kind=Home%0a&device=phone&lcp=1"}, 400),
        ({"body": b"kind=home&device=watch&lcp=1"}, 400),
        ({"body": b"kind=home&device=phone&url=1"}, 400),
        ({"body": b"kind=home&device=phone&lcp=1\nkind=home"}, 400),
        ({"body": b"kind=home&device=phone"}, 400),
        ({"body": b""}, 400),
        ({"body": BODY + b"&" + b"a" * 100}, 413),
        ({"content_type": "text/plain"}, 415),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"origin": "", "sec_fetch_site": ""}, 403),
        ({"host": "elsewhere.example"}, 421),
        ({"host": STATUS_HOST, "origin": f"https://{STATUS_HOST}"}, 421),
        ({"path": "/x/-/vitals"}, 405),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(edge, heard, change, status):
    assert told(edge, **change).status == status
    assert told(edge, LATER).status == 204
    assert first_heard(heard) == LATER


def test_the_shield_hears_nobody(edge):
    api = edge.runtime
    try:
        shield.switch(api, replace(edge.spec, shield=True))
        assert told(edge).status == 429
    finally:
        shield.switch(api, edge.spec)


def test_a_flood_of_one_address_is_cut(edge):
    """The last of this file: the address is refused for a minute."""
    statuses = [told(edge).status for _ in range(PER_MINUTE + 1)]
    assert statuses[-1] == 429
    assert set(statuses) == {204, 429}


def test_a_visit_is_read_in_seconds_and_shares():
    visit = vitals.parse(BODY + b"\n")
    assert visit == vitals.Visit("home", "phone", {"lcp": 1.83, "cls": 0.012, "inp": 0.096, "ttfb": 0.21})


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"-",
        b"kind=home&device=phone",
        b"kind=home&device=phone&lcp=60001",
        b"kind=home&device=phone&cls=10001",
        b"kind=home&device=phone&lcp=1&lcp=2",
        b"kind=home&device=phone&lcp=\xd9\xa1",
        BODY + b"&inp=1",
        BODY * 3,
    ],
)
def test_a_line_that_is_not_in_order_is_none(line):
    assert vitals.parse(line) is None


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(line):
    vitals.parse(line)
