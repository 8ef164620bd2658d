"""The system's Chromium, and what is asked of a page in it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright import sync_api

from support import frozensite

NODE = Path(__file__).resolve().parents[2] / ".venv" / "node"
AXE = NODE / "node_modules" / "axe-core" / "axe.min.js"
LIGHTHOUSE = NODE / "node_modules" / "lighthouse" / "cli" / "index.js"
VALIDATE = NODE / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = Path(__file__).resolve().parents[1] / "browser" / "html-validate.json"

PATIENCE_MS = 60_000
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1350, "height": 940}
SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@contextlib.contextmanager
def chromium(*flags: str) -> Iterator[sync_api.Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on this machine")
    sync_api.expect.set_options(timeout=PATIENCE_MS)
    with sync_api.sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage", *flags]
        browser = playwright.chromium.launch(executable_path=program, args=options, timeout=PATIENCE_MS)
        for opens in (browser.new_context, browser.new_page):
            setattr(browser, opens.__name__, _patient(opens))
        yield browser
        browser.close()


def _patient(opens: Callable[..., Any]) -> Callable[..., Any]:
    """The same, and nothing in it is given up after Playwright's own half a minute."""

    def opened(**options: Any) -> Any:
        found = opens(**options)
        found.set_default_timeout(PATIENCE_MS)
        return found

    return opened


def axe(page: sync_api.Page) -> list[str]:
    """Each finding with the rule and where. By the debugger, which no policy of the page stops."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: ./portico test prepares it where there is npm")
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]


class Visit:
    """One page in one window: what it asked for, how it moved, what axe finds."""

    def __init__(self, context: sync_api.BrowserContext, site: frozensite.Site) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.site = site
        self.page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> None:
        """Loaded and scrolled through, so that all that comes late has come."""
        self.asked.clear()
        self.complaints.clear()
        self.page.goto(self.site.url(path), wait_until="load")
        self.page.evaluate(
            """async () => {
                const pause = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                const end = document.body.scrollHeight;
                for (let y = 0; y < end; y += innerHeight) { scrollTo(0, y); await pause(); }
                scrollTo(0, 0);
                await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
                await pause();
            }"""
        )

    def shifted(self) -> float:
        return self.page.evaluate("window.shifted")

    def elsewhere(self) -> list[str]:
        own = urlsplit(self.site.address).netloc
        return [url for url in self.asked if not url.startswith("data:") and urlsplit(url).netloc != own]

    def weight(self) -> tuple[int, int]:
        """Bytes on the wire without pictures, and with them."""
        answers = [self.site.answers.get(urlsplit(url).path) for url in dict.fromkeys(self.asked)]
        found = [answer for answer in answers if answer is not None]
        pictures = [one for one in found if one.headers["content-type"].startswith("image/")]
        total = sum(answer.weight for answer in found)
        return total - sum(answer.weight for answer in pictures), total

    def axe(self) -> list[str]:
        return axe(self.page)

    def _console(self, message: sync_api.ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


def validate(pages: Mapping[str, bytes], folder: Path) -> list[str]:
    """What html-validate finds in the pages, all in one run."""
    node = shutil.which("node")
    if node is None or not VALIDATE.exists():
        pytest.skip("html-validate is not installed: ./portico test prepares it where there is npm")
    told = folder / "found.json"  # it cuts what it writes to a pipe
    for path, html in pages.items():
        file = folder / f"{path.strip('/').replace('/', '_') or 'home'}.html"
        file.write_bytes(html)
    command = [node, str(VALIDATE), "--config", str(RULES), "--formatter", f"json={told}", str(folder)]
    subprocess.run(command, capture_output=True, check=False)
    return [
        f"{Path(page['filePath']).stem}: {one['ruleId']} in line {one['line']}: {one['message']}"
        for page in json.loads(told.read_text())
        for one in page["messages"]
    ]


def lighthouse(url: str, *, desktop: bool, flags: Sequence[str] = ()) -> dict[str, Any]:
    """Its report; `categories` hold the scores from 0 to 1."""
    node, program = shutil.which("node"), shutil.which("chromium")
    if node is None or program is None or not LIGHTHOUSE.exists():
        pytest.skip("lighthouse is not installed: ./portico test prepares it where there is npm")
    chrome = "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage --ignore-certificate-errors"
    size = ["--preset=desktop"] if desktop else []
    asked = [node, str(LIGHTHOUSE), url, "--output=json", "--quiet", chrome, *size, *flags]
    done = subprocess.run(
        asked,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={"CHROME_PATH": program, "PATH": os.defpath},
    )
    return json.loads(done.stdout)
