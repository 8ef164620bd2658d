"""HAProxy's own opinion of a configuration, before it takes the old one's place."""

from __future__ import annotations

import os
import re
import secrets
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from portico.kit import files
from portico.kit.errors import ConfigError, UnavailableError

FILE = "edge/haproxy.cfg"
_DESCRIPTOR = re.compile(r"fd@\$\{(\w+)\}")
_ALERT = re.compile(r"^\[ALERT\][^:]*: (?:config : )?(.*)$", re.MULTILINE)
_PLACE = re.compile(r"parsing \[[^\]]*:(\d+)\]\s*:?\s*(.*)")


def check(text: str, home: Path) -> None:
    """Raises ConfigError with HAProxy's first alert and its line; UnavailableError without HAProxy."""
    candidate = home / "edge" / f".candidate.{secrets.token_hex(4)}.cfg"
    try:
        files.write_whole(candidate, text.encode(), durable=False)
        done = _run(["haproxy", "-c", "-f", str(candidate.relative_to(home))], text, home)
    finally:
        candidate.unlink(missing_ok=True)
    if done.returncode:
        raise _told(done.stderr or done.stdout, text)


def install(text: str, home: Path) -> None:
    """Check, then write whole to `edge/haproxy.cfg`. A running HAProxy reads it at its next reload."""
    check(text, home)
    files.write_whole(home / FILE, text.encode())


def version() -> str:
    """HAProxy's version, such as `2.6.12`."""
    done = _haproxy(["haproxy", "-v"])
    found = re.search(r"version (\d+\.\d+[.\d]*)", done.stdout)
    return found.group(1) if found else "unknown"


def _run(command: Sequence[str], text: str, home: Path) -> subprocess.CompletedProcess[str]:
    with _stand_ins(sorted(set(_DESCRIPTOR.findall(text)))) as descriptors:
        env = os.environ | {name: str(number) for name, number in descriptors.items()}
        return _haproxy(command, cwd=home, env=env, pass_fds=tuple(descriptors.values()))


def _haproxy(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    pass_fds: tuple[int, ...] = (),
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            cwd=cwd,
            env=env,
            pass_fds=pass_fds,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except FileNotFoundError as error:
        raise UnavailableError(
            "HAProxy isn't installed",
            hint="apt install haproxy, dnf install haproxy or brew install haproxy",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise UnavailableError("haproxy -c took more than 30 s", temporary=True) from error


@contextmanager
def _stand_ins(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """Bound sockets in the place of the real ones, which `haproxy -c` wants to look at."""
    sockets = [socket.socket() for _ in names]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        yield {name: one.fileno() for name, one in zip(names, sockets, strict=True)}
    finally:
        for one in sockets:
            one.close()


def _told(output: str, text: str) -> ConfigError:
    alerts = _ALERT.findall(output)
    alert = alerts[0].strip() if alerts else output.strip() or "no reason given"
    if place := _PLACE.search(alert):
        number = int(place.group(1))
        line = text.splitlines()[number - 1].strip()
        return ConfigError(f"HAProxy refuses `{line[:120]}`: {place.group(2)}", where=f"{FILE}:{number}")
    return ConfigError(f"HAProxy refuses the configuration: {alert}", where=FILE)
