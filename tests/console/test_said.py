from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from portico.console import said


def asked(cookie=""):
    headers = [(b"cookie", f"{said.COOKIE}={cookie}".encode())]
    return Request({"type": "http", "headers": headers})


def spoken(to, told):
    def answer(_request):
        response = PlainTextResponse("")
        said.put(response, to, told)
        return response

    client = TestClient(Starlette(routes=[Route("/", answer)]))
    return client.get("/").cookies.get(said.COOKIE, "")


def test_what_was_said_is_heard_by_the_same_session():
    told = said.Said(said="order 7 was given", trouble="")
    assert said.take(asked(spoken("one", told)), "one") == told


def test_another_session_hears_nothing():
    assert said.take(asked(spoken("one", said.Said("hello"))), "two") == said.Said()


def test_words_that_somebody_else_wrote_are_not_said():
    assert said.take(asked("eyJzYWlkIjoiYSJ9.aaaa.bbbb"), "one") == said.Said()


def test_silence_sets_no_cookie():
    assert spoken("one", said.Said()) == ""
