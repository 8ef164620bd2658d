"""Pressing buttons of the console as a browser does: what a page offers is read from it, and sent back."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from httpx import Response
from starlette.testclient import TestClient

HERE = "http://testserver"


@dataclass
class Form:
    """A form of a page that is sent by POST: its fields as they are filled in, and the button's word."""

    action: str
    fields: dict[str, str]
    label: str = ""

    @property
    def asks_for_a_name(self) -> bool:
        return "_named" in self.fields


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._open = Form(given["action"], {})
            self.found.append(self._open)
        elif self._open and tag in {"input", "select"} and given.get("name"):
            self._open.fields[given["name"]] = given.get("value", "")
        self._button = tag == "button"

    def handle_data(self, data: str) -> None:
        if self._open and self._button:
            self._open.label += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "button":
            self._button = False


def offered(page: Response) -> dict[str, Form]:
    """The forms of a page by where they are sent to."""
    parser = _Forms()
    parser.feed(page.text)
    return {form.action: form for form in parser.found}


def press(client: TestClient, page: str, action: str, **typed: str) -> Response:
    """Press the button of `page` that is sent to `action`; the answer to it, which mostly leads on."""
    form = offered(client.get(page))[action]
    return client.post(action, data={**form.fields, **typed}, headers={"referer": f"{HERE}{page}"})


def told(client: TestClient, answer: Response) -> str:
    """The page that an answer leads to."""
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text
