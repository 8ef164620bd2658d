"""A console behind its real gate, asked as browsers ask, with a clock that a test sets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyotp
from starlette.testclient import TestClient

from portico.config import load
from portico.console import app
from portico.console.desk import Desk
from portico.console.security import gate
from portico.ledger.ledger import Ledger
from portico.watch.series.read import Reader
from support.operators_made import ORIGIN, PASSWORD

BROWSER = "Mozilla/5.0 (X11) Firefox/130.0"


class Console:
    """A console, its book, and the clock that both go by. `settings` are TOML of its section."""

    def __init__(self, folder: Path, **settings: str) -> None:
        text = "\n".join(f"{key} = {value}" for key, value in settings.items())
        file = folder / "portico.toml"
        file.write_text(f"[source]\nfolder = '.'\n[console]\n{text}\n")
        config = load.load(file, folder / "home", cwd=folder)
        config.home.create()
        self.at = 1_800_000_000.0
        self.ledger = Ledger(config.home.ledger, now=lambda: self.at)
        self.desk = Desk(config.home, config.settings, file, self.ledger, Reader(config.home.series))
        self.gate = gate.of(self.desk)
        self.book = self.gate.door.book
        self.app = app.build(self.desk, self.gate)

    def browser(self, agent: str = BROWSER, origin: str = ORIGIN) -> TestClient:
        return TestClient(self.app, base_url=origin, headers={"user-agent": agent}, follow_redirects=False)

    def events(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        return [(event.subject, dict(event.data)) for event in self.ledger.events(kind=f"operator.{kind}")]

    def sign_in(self, client: TestClient, secret: str, *, on: str = "/sign-in", **typed: str) -> Any:
        code = pyotp.TOTP(secret).at(self.at)
        return press(client, "/sign-in", on, **{"name": "ada", "password": PASSWORD, "code": code, **typed})


def token(page: Any) -> str:
    return re.search(r'name="_token" value="(\w+)"', page.text)[1]


def press(client: TestClient, path: str, on: str, **fields: str) -> Any:
    """Press a button of the page `on`, as a browser does."""
    page = client.get(on)
    assert page.status_code == 200, (on, page.status_code)
    origin = str(client.base_url)
    headers = {"referer": f"{origin}{on}", "origin": origin, "sec-fetch-site": "same-origin"}
    return client.post(path, data={"_token": token(page), **fields}, headers=headers)
