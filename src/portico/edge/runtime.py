"""HAProxy's runtime API over its unix socket: what it sees, and the changes that need no reload."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from socket import SHUT_WR
from typing import Literal

from portico.kit import unixsocket
from portico.kit.errors import PorticoError, UnavailableError
from portico.model import SITE, STATUS, Digest

MAP = "edge/live.map"
STATUS_MAP = "edge/status.map"
"""A map of its own, so that who writes the one in an emergency doesn't lose the other."""
MAPS = {SITE: MAP, STATUS: STATUS_MAP}
CERTIFICATE = "edge/site.pem"
FRONTENDS = frozenset({"https", "plain"})

Admin = Literal["ready", "drain", "maint"]


@dataclass(frozen=True, slots=True)
class ServerSeen:
    """A slot as HAProxy sees it. `check` is the last health check's outcome, such as L7OK or L4CON."""

    up: bool
    admin: Admin
    weight: int
    sessions: int
    check: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """Counters since this worker started, over the visitors' listeners; `connections` is now.

    The cache's count the private listener too.
    """

    requests: int
    errors: int
    connections: int
    cache_lookups: int
    cache_hits: int
    denied: int
    bytes_out: int


Row = Mapping[str, str]
"""Columns of `show stat`, or lines of `show info`, by HAProxy's own names."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that this worker counted: `doors` and `servers` by name, and what is counted for all servers."""

    doors: Mapping[str, Row]
    servers: Mapping[str, Row]
    site: Row
    info: Row


class RuntimeRefusedError(PorticoError):
    """HAProxy understood the command and said no."""


class Runtime:
    """Each call is one connection and one command. Raises UnavailableError when HAProxy doesn't answer."""

    def __init__(self, socket: Path, *, timeout: float = 2.0) -> None:
        self._socket = socket
        self._timeout = timeout

    def live(self, site: str = SITE) -> Digest | None:
        """The snapshot that visitors get."""
        for line in self.ask(f"show map {MAPS[site]}").splitlines():
            match line.split():
                case [_, key, snapshot] if key == site:
                    return snapshot
        return None

    def flip(self, snapshot: Digest, site: str = SITE) -> None:
        """Every request from now on gets this snapshot. Write `livemap` too: a reload reads the file."""
        if not re.fullmatch(r"[0-9a-f]{64}", snapshot):
            raise RuntimeRefusedError(f"expected a snapshot id of 64 hex characters, got {snapshot!r}")
        command = "add" if self.live(site) is None else "set"
        self._tell(f"{command} map {MAPS[site]} {site} {snapshot}")

    def servers(self) -> dict[str, ServerSeen]:
        """The slots of the backend `site`, and the mirror."""
        return {
            row["svname"]: _server(row)
            for row in self._stat()
            if row["pxname"] == SITE and row["svname"] not in {"FRONTEND", "BACKEND"}
        }

    def set_state(self, server: str, state: Admin) -> None:
        self._tell(f"set server {SITE}/{server} state {state}")

    def set_weight(self, server: str, weight: int) -> None:
        """Relative to the others, 0 to 256; 0 takes no new visitor."""
        self._tell(f"set server {SITE}/{server} weight {weight}")

    def traffic(self) -> Traffic:
        rows = self._stat()
        doors = [row for row in rows if row["svname"] == "FRONTEND" and row["pxname"] in FRONTENDS]

        def total(column: str) -> int:
            return sum(int(row[column] or 0) for row in doors)

        first_hits = total("cache_hits")
        second = next(_numbers(row) for row in rows if (row["pxname"], row["svname"]) == (SITE, "BACKEND"))
        return Traffic(
            requests=total("req_tot"),
            errors=total("hrsp_5xx"),
            connections=total("scur"),
            cache_lookups=first_hits + second["cache_lookups"],
            cache_hits=first_hits + second["cache_hits"],
            denied=total("dreq"),
            bytes_out=total("bout"),
        )

    def worker_pid(self) -> int:
        return int(self.info()["Pid"])

    def info(self) -> dict[str, str]:
        """`show info`: the worker's own numbers by name."""
        return _pairs(self.ask("show info"))

    def numbers(self) -> Numbers:
        """In one conversation, and without the rows that count the same once more for each cluster."""
        doors, site, info = self.ask(f"show stat -1 1 -1;show stat {SITE} 6 -1;show info").split("\n\n")[:3]
        rows = {row["svname"]: row for row in _rows(site)}
        return Numbers(
            doors={row["pxname"]: row for row in _rows(doors)},
            site=rows.pop("BACKEND"),
            servers=rows,
            info=_pairs(info),
        )

    def swap_certificate(self, pem: str, name: str = CERTIFICATE) -> None:
        """Use this certificate from now on; `name` is the file it was loaded from, which isn't written."""
        payload = "\n".join(line for line in pem.splitlines() if line.strip())
        self._expect("Transaction", f"set ssl cert {name} <<\n{payload}\n")
        try:
            self._expect("Success", f"commit ssl cert {name}")
        except RuntimeRefusedError:
            self.ask(f"abort ssl cert {name}")
            raise

    def ask(self, command: str) -> str:
        """Send one command line and return the whole answer."""
        try:
            return converse(self._socket, command, self._timeout)
        except OSError as error:
            raise UnavailableError(
                f"the edge doesn't answer: {error}",
                where=str(self._socket),
                hint="the keeper starts it; see `portico status`",
                temporary=True,
            ) from error

    def _stat(self) -> list[dict[str, str]]:
        return _rows(self.ask("show stat"))

    def _tell(self, command: str) -> None:
        """A command that answers nothing when it went well."""
        if answer := self.ask(command).strip():
            raise RuntimeRefusedError(f"HAProxy refused `{command}`: {answer}", where=str(self._socket))

    def _expect(self, word: str, command: str) -> None:
        answer = self.ask(command).strip()
        if word not in answer:
            told = command.partition(" <<")[0]
            raise RuntimeRefusedError(f"HAProxy refused `{told}`: {answer}", where=str(self._socket))


def converse(socket: Path, command: str, timeout: float) -> str:
    """One command to a HAProxy CLI socket, its answer until the end. Raises OSError."""
    with unixsocket.connect(socket, timeout) as connection:
        connection.sendall(command.encode() + b"\n")
        # The master's CLI would wait for more; the worker's answers just the same.
        connection.shutdown(SHUT_WR)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return b"".join(chunks).decode(errors="replace")


def _rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(table.strip().removeprefix("# ").splitlines()))


def _pairs(lines: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in lines.splitlines())
    return {name: value for name, _, value in pairs if name}


def _numbers(row: dict[str, str]) -> dict[str, int]:
    return {name: int(value) for name, value in row.items() if value and value.isdecimal()}


def _server(row: dict[str, str]) -> ServerSeen:
    status = row["status"]
    admin: Admin = "maint" if "MAINT" in status else "drain" if "DRAIN" in status else "ready"
    return ServerSeen(
        up=status.startswith(("UP", "DRAIN", "no check")),
        admin=admin,
        weight=int(row["weight"] or 0),
        sessions=int(row["scur"] or 0),
        check=row["check_status"].removeprefix("* "),
    )
