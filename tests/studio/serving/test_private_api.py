import threading

from portico.studio.back import answers, work


def test_an_unknown_path_and_a_wrong_method_are_told_apart():
    routes = {("POST", "/freeze"): lambda _: (200, {})}
    assert answers.give(routes, ("GET", "/other"), {})[0] == 404
    assert answers.give(routes, ("GET", "/freeze"), {})[0] == 405


def test_a_handler_gets_the_body():
    assert answers.give({("POST", "/wish"): lambda body: (200, body)}, ("POST", "/wish"), {"id": 1}) == (
        200,
        {"id": 1},
    )


def test_a_handler_that_fails_is_told_in_a_line(caplog):
    def fail(_):
        raise ValueError("no such page")

    status, said = answers.give({("POST", "/freeze"): fail}, ("POST", "/freeze"), {})
    assert (status, said) == (500, {"what": "ValueError: no such page", "where": "/freeze"})
    assert "Traceback" in caplog.text


def test_work_that_fails_is_tried_again_and_stops_when_told(caplog):
    ending, tries = threading.Event(), []

    def fails_once(stop):
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("not yet")
        ending.set()

    work.start(ending, {"clock": fails_once})
    assert ending.wait(60)
    assert len(tries) == 2
    assert "clock failed" in caplog.text
