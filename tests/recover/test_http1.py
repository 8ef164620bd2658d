from __future__ import annotations

import pytest

from portico.recover import http1
from portico.watch.answer import Answer

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One: a\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def read(data: bytes, size: int) -> Answer | None:
    reading = http1.Reading()
    *early, last = pieces(data, size)
    assert all(reading.feed(piece) is None for piece in early)
    return reading.feed(last)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_an_answer_is_read_from_any_pieces(size: int):
    assert read(PLAIN, size) == Answer(200, {"content-length": "5", "x-one": "a"}, b"hello")


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_chunked_answer_is_read_from_any_pieces(size: int):
    found = read(CHUNKED, size)
    assert found
    assert found.body == b"hello world"


@pytest.mark.parametrize("size", [1, 1000])
def test_early_hints_are_passed_over(size: int):
    found = read(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + PLAIN, size)
    assert found
    assert found.status == 200


def test_a_304_has_no_body_whatever_its_length_says():
    found = read(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 1000)
    assert found == Answer(304, {"content-length": "5"}, b"")


def test_an_answer_without_length_ends_with_its_connection():
    reading = http1.Reading()
    assert reading.feed(b"HTTP/1.0 200 OK\r\n\r\nhel") is None
    assert reading.feed(b"lo") is None
    found = reading.closed()
    assert found
    assert found.body == b"hello"


@pytest.mark.parametrize("whole", [PLAIN, CHUNKED])
@pytest.mark.parametrize("cut", [1, 10, 30])
def test_an_answer_that_was_cut_is_no_answer(whole: bytes, cut: int):
    reading = http1.Reading()
    assert reading.feed(whole[:-cut]) is None
    assert reading.closed() is None
    assert reading.begun


@pytest.mark.parametrize(
    "data", [b"SSH-2.0-x\r\n\r\n", PLAIN + b"!", b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n"]
)
def test_what_is_no_answer_is_garbled(data: bytes):
    with pytest.raises(http1.GarbledError):
        http1.Reading().feed(data)


def test_a_server_that_hangs_up_says_so():
    reading = http1.Reading()
    reading.feed(PLAIN.replace(b"X-One: a", b"Connection: close"))
    assert not reading.keeps_open


def test_a_request_quotes_its_path_once():
    assert http1.request("/é page/%20?q=1", "localhost").startswith(
        b"GET /%C3%A9%20page/%20?q=1 HTTP/1.1\r\n"
    )
