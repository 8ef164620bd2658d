"""A real stack for tests: its own home, its own free ports, ended whatever happens."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import ssl
import struct
import subprocess
import sys
import termios
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import client
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from portico.config.home import Home
from portico.kit import process
from portico.ledger.ledger import Ledger

PATIENCE_S = 60.0
COMMAND_S = 240.0
"""A command starts a Python, and `up` eight of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that serves. `ca` is what its clients trust, `settings` its portico.toml."""

    home: Home
    settings: Path
    address: str
    ca: Path

    def cli(self, *args: str, timeout: float = COMMAND_S) -> subprocess.CompletedProcess[str]:
        """Run a command about this stack; look at `returncode`, `stdout` and `stderr`."""
        return portico("--config", str(self.settings), "--home", str(self.home.root), *args, timeout=timeout)

    @contextmanager
    def running(self, *args: str) -> Iterator[subprocess.Popen[str]]:
        """A command that goes on, such as `watch`; its lines are on `stdout`. Ended with the block."""
        listen_to_interrupts()
        command = [*self.command, *args]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as started:
            try:
                yield started
            finally:
                started.kill()

    @contextmanager
    def running_in_terminal(
        self, *args: str, columns: int, rows: int
    ) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        """A command on a terminal of that size, and the descriptor to read what it shows."""
        listen_to_interrupts()
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        env = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        command = [*self.command, *args]
        with subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env={**env, "TERM": "xterm"}
        ) as started:
            os.close(theirs)
            try:
                yield started, ours
            finally:
                started.kill()
                os.close(ours)

    @property
    def command(self) -> list[str]:
        place = ["--config", str(self.settings), "--home", str(self.home.root)]
        return [sys.executable, "-m", "portico.cli", *place]

    def status(self) -> dict[str, Any]:
        """`status --json`, also when it says that nothing runs."""
        found: dict[str, Any] = json.loads(self.cli("status", "--json").stdout)
        return found

    def ledger(self) -> Ledger:
        return Ledger.existing(self.home.ledger)

    def get(self, path: str, *, timeout: float = PATIENCE_S, **headers: str) -> Answer:
        """Ask as a visitor does. Raises OSError or HTTPException."""
        return get(self.address, self.ca, path, timeout=timeout, **headers)

    def pid(self, part: str) -> int:
        """The pid of edge, keeper, guard, mirror or a replica."""
        known = process.recall(self.home.record(part))
        assert known, f"{part} has no record"
        return known.pid

    def kill(self, *parts: str) -> None:
        """At one moment: who is left would start the others again."""
        found = [process.recall(self.home.record(part)) for part in parts]
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for known in found:
                if known:
                    process.kill(known, number)

    def alive(self) -> dict[str, int]:
        """The pids of the living processes, by part."""
        return {part: known.pid for part, known in _recorded(self.home).items() if known.alive}


def listen_to_interrupts() -> None:
    """What a shell puts into the background is deaf to them, and whoever is started from there is, too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def portico(
    *args: str, timeout: float = COMMAND_S, cwd: Path | None = None, **more: Any
) -> subprocess.CompletedProcess[str]:
    """The real CLI in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "portico.cli", *args],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        **more,
    )


@contextmanager
def running_stack(
    folder: Path | None, tmp: Path, toml: str = "", *, timeout: float = COMMAND_S
) -> Iterator[Stack]:
    """`portico up --detach` for `folder`, None being the starter page.

    `toml` adds to free ports; there is neither a watcher nor a console, unless it says so.
    """
    settings = write_settings(tmp / "portico.toml", folder, toml)
    home = Home(tmp / "home")
    try:
        place = ("--config", str(settings), "--home", str(home.root))
        started = portico(*place, "up", "--detach", timeout=timeout)
        assert started.returncode == 0, f"{started.stdout}{started.stderr}{_logs(home)}"
        ledger = Ledger.existing(home.ledger)
        seen = ledger.seen("status")
        ledger.close()
        assert seen, "the keeper wrote no status"
        yield Stack(home, settings, seen[0]["address"], home.ca / "ca.pem")
    finally:
        end(home)


def write_settings(file: Path, folder: Path | None, toml: str = "") -> Path:
    """A portico.toml with free ports; `toml` adds to it or overrides it."""
    values: dict[str, dict[str, Any]] = {
        "edge": {"https_port": 0, "http_port": 0},
        "watch": {"enabled": False, "port": 0},
        "console": {"enabled": False},
    }
    values["source"] = {"folder": str(folder)} if folder else {"kind": "folder"}
    for section, keys in tomllib.loads(toml).items():
        values.setdefault(section, {}).update(keys)
    lines = [line for section, keys in values.items() for line in _as_toml(section, keys)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _as_toml(section: str, keys: dict[str, Any]) -> Iterator[str]:
    """A table, and after it the tables that are listed in it."""
    listed = {
        key: value
        for key, value in keys.items()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    }
    yield f"[{section}]"
    for key, value in keys.items():
        if key not in listed:
            yield f"{key} = {json.dumps(value)}"
    for key, tables in listed.items():
        for table in tables:
            yield f"[[{section}.{key}]]"
            yield from (f"{name} = {json.dumps(value)}" for name, value in table.items())


def get(address: str, ca: Path | None, path: str, *, timeout: float = PATIENCE_S, **headers: str) -> Answer:
    """GET over TLS; header names with `_` for `-`."""
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    connection = client.HTTPSConnection(urlsplit(address).netloc, timeout=timeout, context=context)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        got = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, got, answer.read())
    finally:
        connection.close()


def until(condition: Callable[[], Any], timeout: float = PATIENCE_S, what: str = "") -> Any:
    """The condition's first true value. Fails after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError(f"not within {timeout} s: {what or condition}")


def end(home: Home) -> None:
    """Kill every process of the stack, by its record: those that start others first; then whoever is left."""
    for _ in range(3):
        found = _recorded(home)
        for part in sorted(
            found, key=lambda name: ("guard", "keeper").index(name) if name in _STARTERS else 9
        ):
            process.kill(found[part])
            process.wait_gone(found[part], PATIENCE_S)
    for stray in _strays(home):
        with suppress(ProcessLookupError):
            os.kill(stray, signal.SIGKILL)


_STARTERS = {"guard", "keeper"}


def _recorded(home: Home) -> dict[str, process.Process]:
    known = {path.stem: process.recall(path) for path in home.run.glob("*.json")}
    return {part: found for part, found in known.items() if found}


def _strays(home: Home) -> list[int]:
    """Processes whose working directory is the home: nobody else works there."""
    known = ((one.pid, one.info) for one in psutil.process_iter(["cwd", "status"]))
    return [
        pid for pid, info in known if info["cwd"] == str(home.root) and info["status"] != psutil.STATUS_ZOMBIE
    ]


def _logs(home: Home) -> str:
    tails = (
        f"--- {path.name}\n{path.read_text(errors='replace')[-2000:]}" for path in home.logs.glob("*.log")
    )
    return "\n".join(tails)
