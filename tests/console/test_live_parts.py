from __future__ import annotations

import asyncio
import threading
import time

import pytest
from starlette.exceptions import HTTPException

from portico.console import live
from portico.console.shared import Shared

AGO = '<p id="a"><time datetime="x" data-as="ago" data-at="5">{}</time> {}</p>'


def test_a_part_is_sent_when_it_changed_and_only_then():
    sent: dict[str, str] = {}
    assert live.news({"a": "<p>1</p>", "b": "<p>2</p>"}, sent) == {"a": "<p>1</p>", "b": "<p>2</p>"}
    assert live.news({"a": "<p>1</p>", "b": "<p>3</p>"}, sent) == {"b": "<p>3</p>"}
    assert live.news({"a": "<p>1</p>", "b": "<p>3</p>"}, sent) == {}


def test_an_age_that_grew_is_no_news():
    sent: dict[str, str] = {}
    live.news({"a": AGO.format("3 s ago", "up")}, sent)
    assert live.news({"a": AGO.format("4 s ago", "up")}, sent) == {}
    changed = AGO.format("4 s ago", "down")
    assert live.news({"a": changed}, sent) == {"a": changed}


def test_a_message_puts_each_part_in_its_place_on_lines_that_a_stream_can_carry():
    told = live.message({"a": '<p id="a">\n\n  x</p>\n'})
    assert told.endswith("\n\n")
    lines = told.rstrip("\n").split("\n")
    assert all(line.startswith("data: ") for line in lines)
    assert lines[0] == 'data: <hx-partial hx-target="#a" hx-swap="outerMorph"><p id="a">'


def test_nothing_new_is_a_beat_by_which_the_browser_knows_that_it_is_current():
    assert live.message({}) == "event: beat\ndata: \n\n"


def test_it_beats_between_two_looks_that_are_far_apart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "BEAT_S", 0.02)
    looks: list[int] = []

    def make() -> dict[str, str]:
        looks.append(1)
        return {"a": "<p>1</p>"}

    async def heard() -> list[str]:
        stream = live.Streams().open(make, every_s=60, whose="ada").body_iterator
        return [str(await anext(stream)) for _ in range(3)]

    first, *beats = asyncio.run(heard())
    assert "<p>1</p>" in first
    assert beats == [live.BEAT, live.BEAT]
    assert len(looks) == 1


def followed(make: live.Make, *, beats: int) -> list[str]:
    async def read() -> list[str]:
        heard: list[str] = []
        async for chunk in live.Streams().open(make, every_s=0.001, whose="ada").body_iterator:
            heard.append(str(chunk))
            if len(heard) == beats:
                break
        return heard

    return asyncio.run(read())


def test_whoever_may_look_no_longer_is_told_to_leave_and_hears_nothing_more():
    answers = iter([{"a": "<p>1</p>"}, None])
    heard = followed(lambda: next(answers), beats=9)
    assert len(heard) == 2
    assert heard[1] == live.LEAVE


def test_a_stream_ends_when_the_server_shall_end():
    async def ended() -> int:
        streams = live.Streams()
        heard = 0
        async for _ in streams.open(lambda: {"a": "<p>1</p>"}, every_s=60, whose="ada").body_iterator:
            heard += 1
            asyncio.get_running_loop().call_soon(streams.end)
        return heard

    assert asyncio.run(ended()) == 1


def test_a_session_follows_only_so_many_pages_at_once_and_others_theirs():
    async def opened() -> int:
        streams = live.Streams()

        def following(whose: str) -> asyncio.Task[None]:
            stream = streams.open(lambda: {"a": "<p>1</p>"}, every_s=60, whose=whose)
            return asyncio.ensure_future(stream({"type": "http"}, asyncio.Event().wait, unheard))

        open_ones = [following("ada") for _ in range(live.MOST)]
        with pytest.raises(HTTPException) as refused:
            following("ada")
        open_ones.append(following("grace"))
        await asyncio.sleep(0)  # each began
        open_ones[0].cancel()
        await asyncio.wait(open_ones[:1])
        open_ones.append(following("ada"))
        streams.end()
        await asyncio.wait(open_ones)
        assert not streams._open
        return refused.value.status_code

    assert asyncio.run(opened()) == 429


async def unheard(_message: object) -> None: ...


def test_two_who_ask_at_once_are_given_what_was_made_once():
    shared: Shared[int] = Shared()
    made: list[int] = []

    def make() -> int:
        made.append(1)
        time.sleep(0.02)
        return len(made)

    askers = [threading.Thread(target=shared.get, args=("a", 60, make)) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert made == [1]


def test_what_was_kept_long_enough_is_made_anew():
    shared: Shared[int] = Shared()
    assert [
        shared.get("a", 0, lambda: 1),
        shared.get("a", 60, lambda: 2),
        shared.get("a", 60, lambda: 3),
    ] == [1, 2, 2]


def test_a_look_that_failed_is_not_kept():
    shared: Shared[int] = Shared()
    with pytest.raises(ZeroDivisionError):
        shared.get("a", 60, lambda: 1 // 0)
    assert shared.get("a", 60, lambda: 7) == 7


def test_only_so_many_pages_are_kept_in_mind():
    shared: Shared[int] = Shared()
    for number in range(500):
        shared.get(number, 60, lambda: 1)
    assert len(shared._held) <= 64
