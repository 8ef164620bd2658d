"""How parcels are posted: as whom, to whom, and what is made of the answers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.config.exporting import Destination
from portico.watch.export import posting
from portico.watch.export.posting import Poster
from portico.watch.export.shipping import LaterError, RefusedError
from support import inboxes, servicestandins, tinyhttp


@contextlib.contextmanager
def posted(url: str, **settings: object) -> Iterator[Poster]:
    made = Poster(Destination(name="there", url=url, **settings), frozenset({429, 503}))
    try:
        yield made
    finally:
        made.close()


@contextlib.contextmanager
def answering(status: int, *headers: str) -> Iterator[str]:
    async def answer(_asked: tinyhttp.Asked, writer) -> None:
        tinyhttp.say(writer, b"it said so", status, *headers, "Connection: close")
        writer.close()

    with tinyhttp.serving(answer) as address:
        yield address


def test_a_user_is_named_with_the_password_of_the_file(tmp_path: Path):
    (tmp_path / "password").write_text("open sesame\n")
    with inboxes.hook() as hook:
        url = f"http://127.0.0.1:{hook.port}/write"
        with posted(url, user="portico", password_file=tmp_path / "password") as poster:
            poster.post(url, b"{}", {"content-type": "application/json"})
    _, path, headers = hook.asked[0]
    assert path == "/write"
    assert {name.lower(): value for name, value in headers.items()}["authorization"] == (
        "Basic cG9ydGljbzpvcGVuIHNlc2FtZQ=="
    )


def test_a_certificate_is_trusted_where_the_setting_says_so_alone(tmp_path: Path):
    with servicestandins.https(tmp_path) as hook:
        url = f"https://127.0.0.1:{hook.port}/"
        with posted(url, trusted=tmp_path / "standin.pem") as poster:
            poster.post(url, b"{}", {})
        with posted(url) as poster, pytest.raises(LaterError, match="certificate"):
            poster.post(url, b"{}", {})
    assert len(hook.asked) == 1


def test_an_authority_that_can_t_be_read_is_told(tmp_path: Path):
    (tmp_path / "ca.pem").write_text("nothing")
    for name in ("ca.pem", "missing.pem"):
        trusting = posted("https://127.0.0.1:9/", trusted=tmp_path / name)
        with trusting as poster, pytest.raises(LaterError, match="PEM"):
            poster.post("https://127.0.0.1:9/", b"", {})


@pytest.mark.parametrize("token", ["sécret", "sec\x00ret", "sec\tret\x7f"])
def test_a_token_that_can_t_stand_in_a_header_is_not_shown(tmp_path: Path, token: str):
    (tmp_path / "token").write_text(token)
    told = pytest.raises(LaterError, match="header")
    with posted("http://127.0.0.1:9/", bearer_file=tmp_path / "token") as poster, told as caught:
        poster.post("http://127.0.0.1:9/", b"", {})
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "pause"), [("7", 7.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", 0.0)]
)
def test_the_pause_that_is_asked_for_is_understood(header: str, pause: float):
    asked = f"Retry-After: {header}"
    told = pytest.raises(LaterError, match="429: it said so")
    with answering(429, asked) as url, posted(url) as poster, told as caught:
        poster.post(url, b"", {})
    assert caught.value.after_s == pause


def test_a_date_to_come_is_a_pause_until_then():
    assert posting._asked_pause("Wed, 21 Oct 2015 07:28:00 GMT", 1445412450.0) == 30.0


@pytest.mark.parametrize("status", [302, 400, 500])
def test_other_answers_are_for_good_and_redirects_are_not_followed(status: int):
    elsewhere = "Location: http://127.0.0.1:9/"
    told = pytest.raises(RefusedError, match=f"{status}: it said so")
    with answering(status, elsewhere) as url, posted(url) as poster, told:
        poster.post(url, b"", {})


def test_where_nobody_listens_it_is_tried_later():
    with posted("http://127.0.0.1:9/") as poster, pytest.raises(LaterError, match="reached"):
        poster.post("http://127.0.0.1:9/", b"", {})
