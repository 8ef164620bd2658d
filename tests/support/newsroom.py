"""People who work in a real studio with a real browser: they sign in, write, approve and publish."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright import sync_api

from portico.kit import unixsocket
from support import browsing, studios
from support import stack as stacks
from support.stack import Stack

SETTINGS = '[source]\nkind = "studio"\n[studio]\nport = 0\n'
PATIENCE_S = 240.0
PATIENCE_MS = 60_000
PASSWORD = "a-weir-is-not-a-dam-7"


@dataclass(frozen=True)
class Newsroom:
    stack: Stack
    browser: sync_api.Browser

    def hire(self, name: str, role: str) -> Person:
        """Somebody new, who comes in by the link that was sent and sets up an app for the second factor."""
        link = self.stack.cli("studio", "user", "add", name, "--role", role, timeout=PATIENCE_S)
        assert link.returncode == 0, link.stderr
        person = Person(self, self._window(), name)
        person.come_in(link.stdout.strip().splitlines()[-1])
        return person

    def visitor(self, **options) -> sync_api.Page:
        window = self.browser.new_context(
            ignore_https_errors=True, base_url=self.stack.address, viewport=browsing.DESKTOP, **options
        )
        window.set_default_timeout(PATIENCE_MS)
        return window.new_page()

    def in_cluster(self, cluster: str, path: str) -> tuple[int, str]:
        """What that cluster's replicas answer, past the cache."""
        status, body = unixsocket.get(
            self.stack.home.inside_socket, path, timeout=60, headers={"x-portico-cluster": cluster}
        )
        return status, body.decode()

    def seen(self, text: str, path: str = "/") -> None:
        """Wait until visitors see it, and both clusters answer it."""
        stacks.until(lambda: text.encode() in self.stack.get(path).body, PATIENCE_S, f"{text!r} at {path}")
        for cluster in ("a", "b"):
            assert text in self.in_cluster(cluster, path)[1]

    def gone(self, path: str) -> None:
        stacks.until(lambda: self.stack.get(path).status == 404, PATIENCE_S, f"no {path}")

    def _window(self) -> sync_api.BrowserContext:
        window = self.browser.new_context(viewport={"width": 1440, "height": 1000})
        window.set_default_timeout(PATIENCE_MS)
        return window


@dataclass
class Person:
    room: Newsroom
    window: sync_api.BrowserContext
    name: str

    def __post_init__(self) -> None:
        self.page = self.window.new_page()

    def come_in(self, link: str) -> None:
        page = self.page
        page.goto(link)
        for field in page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.get_by_role("link", name="Set up the app").click()
        page.wait_for_url("**/totp/activate/**")
        self._show_the_app()
        self.studio = re.match(r"https?://[^/]+", page.url)[0]

    def _show_the_app(self) -> None:
        """A code is good for half a minute: whoever comes too late types the next one."""
        page = self.page
        while "/recovery-codes/" not in page.url:
            secret = page.locator("#authenticator_secret").input_value()
            page.locator("input[name=code]").fill(code_of(secret))
            with page.expect_navigation():
                page.locator("main button[type=submit]").click()

    def go(self, path: str) -> sync_api.Page:
        self.page.goto(self.studio + path)
        return self.page

    def edit(self, number: int) -> sync_api.Page:
        return self.go(f"/studio/pages/{number}/edit/")

    def choose(self, action: str) -> None:
        """One of the buttons at the page's foot; most stand in its menu."""
        self._press(self.page.locator(f"button[name='{action}']").first)

    def approve(self) -> None:
        """What waits for this person's role."""
        self._press(self.page.locator("button[data-workflow-action-name='approve']").first)
        self.page.get_by_text("has been updated").wait_for()

    def _press(self, button: sync_api.Locator) -> None:
        if not button.is_visible():
            self.page.get_by_role("button", name="More actions").last.click()
        button.click()

    def told(self, text: str) -> None:
        """Wait for the panel that follows one's own publish."""
        line = self.page.locator("#portico-publish")
        sync_api.expect(line).to_contain_text(text, timeout=PATIENCE_MS)


def code_of(secret: str) -> str:
    """Six digits, as an authenticator app shows them now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = mac[-1] & 15
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@contextmanager
def opened(folder: Path) -> Iterator[Newsroom]:
    (folder / "home").mkdir()
    studios.place(studios.sqlite(), folder / "home" / "studio")
    with (
        stacks.running_stack(None, folder, SETTINGS, timeout=PATIENCE_S) as stack,
        browsing.chromium() as browser,
    ):
        yield Newsroom(stack, browser)
