"""However many try to sign in at once: whoever looks at the console goes on looking."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pyotp
import pytest

from portico.console.security import turns
from portico.operators import guessing, passwords
from support import consoles, edging, operators_made
from support.doors import BROWSER, Console
from support.operators_made import PASSWORD

MANY = 60
PATIENCE_S = 60.0


@pytest.fixture
def crowd() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MANY) as threads:
        yield threads


def visitor(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, headers={"user-agent": BROWSER}, timeout=PATIENCE_S)


def sign_in(client: httpx.Client, **typed: str) -> httpx.Response:
    page = client.get("/sign-in").text
    token = re.search(r'name="_token" value="(\w+)"', page)[1]
    came = {"referer": f"{client.base_url}/sign-in"}
    return client.post("/sign-in", data={"_token": token, **typed}, headers=came)


def signed_in(console: Console, client: httpx.Client) -> httpx.Client:
    secret = operators_made.with_password(console.book)
    code = pyotp.TOTP(secret).at(console.at)
    assert sign_in(client, name="ada", password=PASSWORD, code=code).headers["location"] == "/"
    return client


def answered(asked: list[Future[httpx.Response]]) -> list[httpx.Response]:
    return [one.result() for one in asked if one.done()]


def test_a_crowd_at_the_door_keeps_nobody_inside_from_looking(tmp_path: Path, crowd: ThreadPoolExecutor):
    console = Console(tmp_path)
    with consoles.served(console.desk, console.gate) as address, contextlib.ExitStack() as left:
        inside = signed_in(console, left.enter_context(visitor(address)))
        with passwords.one_at_a_time:
            guessers = [left.enter_context(visitor(address)) for _ in range(MANY)]
            asked = [
                crowd.submit(sign_in, one, name=f"n{number}", password="x" * 20, code="1")
                for number, one in enumerate(guessers)
            ]
            edging.until(lambda: len(answered(asked)) >= MANY - turns.MOST, "too many to be sent away")
            assert inside.get("/-/live").status_code == 200
            assert inside.get("/incidents").status_code == 200
            sent_away = [one for one, future in zip(guessers, asked, strict=True) if future.done()]
        assert len(sent_away) == MANY - turns.MOST
        assert turns.FULL in sent_away[0].get("/sign-in").text
        assert {one.result().headers["location"] for one in asked} == {"/sign-in"}


def test_whoever_was_wrong_too_often_is_told_so_without_waiting_for_others(tmp_path: Path):
    console = Console(tmp_path)
    secret = operators_made.with_password(console.book)
    client = console.browser()
    for _ in range(guessing.PAIR):
        console.sign_in(client, secret, password="not the one")
    with ThreadPoolExecutor(1) as threads, passwords.one_at_a_time:
        threads.submit(console.sign_in, client, secret).result(PATIENCE_S)
    assert "Too many wrong ones" in client.get("/sign-in").text


def test_a_provider_that_hangs_keeps_nobody_inside_from_looking(tmp_path: Path, crowd: ThreadPoolExecutor):
    (tmp_path / "oidc.secret").write_text("secret\n")
    with contextlib.ExitStack() as left:
        hung = left.enter_context(socket.create_server(("127.0.0.1", 0)))
        console = Console(
            tmp_path,
            oidc_issuer=f"'http://127.0.0.1:{hung.getsockname()[1]}'",
            oidc_client_id="'console'",
            oidc_client_secret_file="'oidc.secret'",
            oidc_roles="['on-call=operator']",
        )
        address = left.enter_context(consoles.served(console.desk, console.gate))
        inside = signed_in(console, left.enter_context(visitor(address)))
        outside = left.enter_context(visitor(address))
        asked = [crowd.submit(outside.get, "/sign-in/company") for _ in range(MANY)]
        edging.until(lambda: len(answered(asked)) >= MANY - turns.MOST, "too many to be sent away")
        assert inside.get("/incidents").status_code == 200
        hung.close()
        assert {one.result().headers["location"] for one in asked} == {"/sign-in"}
