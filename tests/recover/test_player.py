from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest

from portico.kit import canonical
from portico.kit.errors import UnavailableError
from portico.recover import plan as plans
from portico.recover import played as results
from portico.recover import player as players
from portico.recover.plan import Plan, Target
from portico.recover.played import Played
from portico.recover.player import Player
from support import tinyhttp, virtualtime
from support.tinyhttp import Asked, say

PAGE = b"<h1>Welcome</h1>" * 50
DIGEST = canonical.digest(PAGE)
HOME = (Target("/", (DIGEST,)),)


async def page(asked: Asked, writer: asyncio.StreamWriter) -> None:
    say(writer, PAGE)


def play(plan: Plan) -> Played:
    return asyncio.run(Player(plan).play())


def play_beside(
    plan: Plan, handler: Callable[[asyncio.StreamWriter, asyncio.Server], Awaitable[None]]
) -> Played:
    """Both in one loop, by a clock that no other load of this machine moves; `plan` is told the address."""
    servers: list[asyncio.Server] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                await handler(writer, servers[0])
        writer.close()

    async def main() -> Played:
        servers.append(await asyncio.start_server(connected, "127.0.0.1", 0))
        port = servers[0].sockets[0].getsockname()[1]
        async with servers[0]:
            return await Player(replace(plan, address=f"http://127.0.0.1:{port}/")).play()

    with asyncio.Runner(loop_factory=virtualtime.Loop) as runner, pytest.MonkeyPatch.context() as patch:
        patch.setattr(players, "time", SimpleNamespace(time=time.time, monotonic=runner.get_loop().time))
        return runner.run(main())


def briefly(handler: tinyhttp.Handler, **changes: object) -> Played:
    """Half a second of 100 requests a second, whatever the player's own lag."""
    with tinyhttp.serving(handler) as address:
        plan = Plan(address, HOME, rate=100, seconds=0.5, connections=4, lag_ms=5000)
        return play(replace(plan, **changes))


def test_every_intended_request_is_sent_and_answered_over_tls(tmp_path: Path):
    ca, tls = tinyhttp.certificate(tmp_path)
    with tinyhttp.serving(page, tls=tls) as address:
        played = play(Plan(address, HOME, rate=200, seconds=1.5, trusted=str(ca), lag_ms=5000))
    assert (played.sent, played.answered, played.failures, played.void) == (300, 300, 0, "")
    assert [second.sent for second in played.timeline] == [200, 100]
    assert results.loads(played.dumps()) == played


def test_a_stall_of_one_second_in_ten_shows_in_the_99th_percentile():
    """A tenth of the requests waits between 0 and 1 s, so one in a hundred waits over 0.9 s."""

    async def stalling(writer: asyncio.StreamWriter, _server: asyncio.Server) -> None:
        await asyncio.sleep(max(0, 1 - (asyncio.get_running_loop().time() - 4) % 10))
        say(writer, PAGE)

    played = play_beside(Plan("", HOME, rate=200, seconds=10), stalling)
    assert played.sent == 2000
    assert not played.failures
    assert not played.void
    assert 800 <= played.p99 <= 1000
    assert played.p50 < 100


def test_a_player_that_lags_voids_its_run():
    async def blocked() -> Played:
        player = Player(Plan(address, HOME, rate=100, seconds=1))
        asyncio.get_running_loop().call_later(0.3, time.sleep, 0.4)
        return await player.play()

    with tinyhttp.serving(page) as address:
        played = asyncio.run(blocked())
    assert "lagged" in played.void
    assert played.sent == 100


def test_a_player_that_may_open_no_more_connections_voids_its_run():
    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.5)
        say(writer, PAGE)

    played = briefly(slow, most=4, timeout_s=0.7)
    assert "4 connections were busy" in played.void


def test_the_pool_grows_while_every_connection_is_busy():
    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        say(writer, PAGE)

    played = briefly(slow)
    assert (played.answered, played.failures, played.void) == (50, 0, "")


def test_a_status_that_was_not_expected_is_a_failure():
    async def failing(asked: Asked, writer: asyncio.StreamWriter) -> None:
        say(writer, b"sorry", 503)

    played = briefly(failing)
    assert played.failed == {"status": 50}
    assert "answered 503, expected 200 (/)" in str(played.faults[0])


def test_another_body_is_a_failure():
    async def defaced(asked: Asked, writer: asyncio.StreamWriter) -> None:
        say(writer, b"owned", 200)

    assert briefly(defaced).failed == {"wrong body": 50}


def test_any_of_the_expected_bodies_is_right_in_any_coding():
    async def either(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if random.random() < 0.5:
            say(writer, brotli.compress(b"the next one"), 200, "Content-Encoding: br")
        else:
            say(writer, PAGE)

    both = (Target("/", (DIGEST, canonical.digest(b"the next one"))),)
    assert briefly(either, targets=both).answered == 50


def test_an_answer_cut_in_the_middle_is_short():
    async def cut(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
        writer.close()

    assert briefly(cut).failed == {"short": 50}


def test_what_is_no_http_is_garbled():
    async def garbled(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n\r\n")

    assert briefly(garbled).failed == {"garbled": 50}


def test_a_new_connection_closed_without_an_answer_is_reset():
    async def hang_up(asked: Asked, writer: asyncio.StreamWriter) -> None:
        tinyhttp.reset(writer)

    assert briefly(hang_up).failed == {"reset": 50}


def test_a_kept_connection_closed_without_an_answer_is_tried_once_again():
    async def every_second_time(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.earlier:
            tinyhttp.reset(writer)
        else:
            say(writer, PAGE)

    played = briefly(every_second_time)
    assert played.answered == 50
    assert played.retried > 10


def test_no_answer_in_time_is_a_timeout():
    async def silent(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    played = briefly(silent, timeout_s=0.2)
    assert played.failed == {"timeout": 50}
    assert played.slowest >= 200


def test_a_server_that_went_away_refuses():
    async def go_away(writer: asyncio.StreamWriter, server: asyncio.Server) -> None:
        say(writer, PAGE, 200, "Connection: close")
        writer.close()
        server.close()

    played = play_beside(Plan("", HOME, rate=50, seconds=0.5, connections=1), go_away)
    assert played.answered == 1
    assert played.failed == {"refused": 24}


def test_a_certificate_that_is_not_trusted_stops_the_player_before_it_plays(tmp_path: Path):
    _, tls = tinyhttp.certificate(tmp_path)
    other, _ = tinyhttp.certificate(tmp_path, "elsewhere")
    with tinyhttp.serving(page, tls=tls) as address, pytest.raises(UnavailableError, match="no connection"):
        play(Plan(address, HOME, rate=100, seconds=0.2, trusted=str(other)))


def test_nobody_to_ask_is_one_clear_line():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}/"
        done = subprocess.run(
            [sys.executable, "-m", "portico.recover.player", address],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 5
    assert done.stderr.startswith(f"{address}: no connection to ask on")
    assert done.stderr.count("\n") == 1


def test_visitors_come_from_different_addresses():
    peers = set()

    async def note(asked: Asked, writer: asyncio.StreamWriter) -> None:
        peers.add(asked.peer)
        say(writer, PAGE)

    briefly(note, visitors=4)
    assert len(peers) == (4 if sys.platform == "linux" else 1)


def test_paths_are_asked_for_by_their_weights():
    async def anything(asked: Asked, writer: asyncio.StreamWriter) -> None:
        asked_for.append(asked.path)
        say(writer, b"")

    asked_for: list[str] = []
    targets = (Target("/often", weight=9), Target("/seldom", weight=1))
    briefly(anything, targets=targets, rate=400)
    assert 0 < asked_for.count("/seldom") < asked_for.count("/often") / 3


def test_random_arrivals_keep_the_rate_and_repeat_with_their_seed():
    plan = Plan("http://localhost/", HOME, rate=1000, seconds=10, poisson=True, seed=7)
    times = list(plan.times())
    assert times == list(plan.times())
    assert 9500 < len(times) < 10500
    assert times == sorted(times)


def test_a_plan_survives_its_journey_as_json():
    plan = Plan("http://localhost/", HOME, rate=10, seconds=1)
    assert plans.loads(plan.dumps()) == plan


def test_the_players_process_ends_with_its_input_and_tells_what_it_saw():
    with tinyhttp.serving(page) as address:
        plan = Plan(address, HOME, rate=100, seconds=60, lag_ms=5000)
        command = [sys.executable, "-m", "portico.recover.player", "--plan-from-stdin", "--json"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as player:
            assert player.stdin
            assert player.stdout
            player.stdin.write(plan.dumps() + "\n")
            player.stdin.flush()
            told = [json.loads(player.stdout.readline())["second"] for _ in range(2)]
            player.stdin.close()
            played = results.loads(player.stdout.read().splitlines()[-1])
    assert told == [0, 1]
    assert played.timeline[0].sent == 100
    assert played.seconds < 60
    assert (played.failures, player.returncode) == (0, 0)
