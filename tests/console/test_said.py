from starlette.requests import Request
from starlette.responses import PlainTextResponse

from portico.console import said

PORT = 9090


def asked(cookie="", port=PORT, **state):
    scope = {"type": "http", "scheme": "http", "path": "/", "query_string": b""}
    return Request(
        {**scope, "server": ("localhost", port), "headers": [(b"cookie", cookie.encode())], "state": state}
    )


def answer(to, told, **where):
    response = PlainTextResponse("")
    said.put(asked(**where), response, to, told)
    return response.headers.get("set-cookie", "")


def spoken(to, told, **where):
    return answer(to, told, **where).partition(";")[0]


def test_what_was_said_is_heard_by_the_same_session():
    told = said.Said(said="order 7 was given", trouble="")
    assert said.take(asked(spoken("one", told)), "one") == told


def test_another_session_hears_nothing():
    assert said.take(asked(spoken("one", said.Said("hello"))), "two") == said.Said()


def test_words_that_somebody_else_wrote_are_not_said():
    assert said.take(asked(f"console-said-{PORT}=eyJzYWlkIjoiYSJ9.aaaa.bbbb"), "one") == said.Said()


def test_silence_sets_no_cookie():
    assert spoken("one", said.Said()) == ""


def test_two_stacks_on_one_machine_hush_each_other_in_nothing():
    other = spoken("one", said.Said("hello"), port=9191)
    assert other.startswith("console-said-9191=")
    assert said.take(asked(other), "one") == said.Said()


def test_behind_https_it_is_held_to_that_host():
    told = answer("one", said.Said("hello"), secure=True)
    assert told.startswith("__Host-console-said=")
    assert "Secure" in told
    assert said.take(asked(told.partition(";")[0], secure=True), "one") == said.Said("hello")
