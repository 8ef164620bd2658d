"""Posts parcels over HTTP, and tells what may succeed later from what never will. No secret is ever told."""

from __future__ import annotations

import email.utils
import logging
import re
import ssl
import time
from collections.abc import Container, Mapping
from pathlib import Path

import httpx

from portico.config.exporting import Destination
from portico.kit.errors import ConfigError
from portico.notify import address
from portico.watch.export.shipping import LaterError, RefusedError

TIMEOUT_S = 10.0
logging.getLogger("httpx").setLevel(logging.WARNING)  # it would tell each request, address and all

SAID = 200
"""So many characters of a refusal are told."""

_PLAIN = re.compile(r"[\x20-\x7e]*")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)")


class Poster:
    """To one destination, over connections that stay open. After an answer in `again` it is tried again."""

    def __init__(self, to: Destination, again: Container[int]) -> None:
        self._to = to
        self._again = again
        self._client: httpx.Client | None = None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """The answer's body. Raises LaterError or RefusedError."""
        try:
            answer = self._connected().post(url, content=body, headers={**headers, **self._secrets()})
        except ConfigError as error:
            raise LaterError(str(error)) from None
        except httpx.HTTPError as error:
            raise LaterError(f"it could not be reached: {error or type(error).__name__}") from None
        if answer.is_success:
            return answer.content
        said = " ".join(answer.text[:SAID].split())
        why = f"it answered {answer.status_code}{f': {said}' if said else ''}"
        if answer.status_code in self._again:
            raise LaterError(why, _asked_pause(answer.headers.get("retry-after", ""), time.time()))
        raise RefusedError(why)

    def close(self) -> None:
        if self._client:
            self._client.close()

    def _connected(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(
                verify=_context(self._to.trusted), timeout=TIMEOUT_S, headers={"user-agent": "portico"}
            )
        return self._client

    def _secrets(self) -> dict[str, str]:
        """Read anew each time, so that a token can be changed in place. Raises ConfigError."""
        to, where = self._to, f"export/{self._to.name}"
        found: dict[str, str] = {}
        if to.headers_file:
            found.update(_headers(to.headers_file, where))
        if to.bearer_file:
            found["authorization"] = f"Bearer {address.read(None, to.bearer_file, where=where)}"
        if to.user and to.password_file:
            login = httpx.BasicAuth(to.user, address.read(None, to.password_file, where=where))
            asked = next(login.auth_flow(httpx.Request("POST", to.url)))
            found["authorization"] = asked.headers["authorization"]
        if not all(_PLAIN.fullmatch(value) for value in found.values()):
            # a library that refuses it would show it
            raise ConfigError("a file of secrets holds what can't stand in a header", where=where)
        return found


def _context(trusted: Path | None) -> ssl.SSLContext:
    """Raises ConfigError."""
    try:
        return ssl.create_default_context(cafile=trusted and str(trusted))
    except OSError as error:
        raise ConfigError(f"{trusted} can't be read as a PEM file: {error.strerror or error}") from None


def _headers(file: Path, where: str) -> dict[str, str]:
    """Raises ConfigError, which doesn't show what stands there."""
    found = {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{file} can't be read", where=where) from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        header = _HEADER.fullmatch(line.strip())
        if header is None:
            raise ConfigError(f"{file}: expected `name: value` in line {number}", where=where)
        found[header[1].lower()] = header[2]
    return found


def _asked_pause(text: str, now: float) -> float:
    """What Retry-After asks for: seconds or a date; 0 where it is neither."""
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now)
    except (TypeError, ValueError):
        return 0.0
