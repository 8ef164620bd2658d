"""Datadog's HTTP API as the watcher speaks it: plain JSON, as the client's models have it (decision 0144)."""

from __future__ import annotations

import gzip
import json
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import client
from typing import Any
from urllib.parse import urlencode, urlsplit

from portico.config.datadog import Datadog
from portico.kit.errors import ConfigError
from portico.watch.export.datadog import keys
from portico.watch.export.shipping import LaterError, RefusedError

TIMEOUT_S = 10.0
_PASSING = {401, 403, 408, 425, 429}
"""A key may be put right; all other 4xx mean that this body is never taken."""

API, LOGS = "api", "http-intake.logs"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `host` is the site's part that takes it, `body` is encoded in `coding` already."""

    method: str
    path: str
    body: bytes | None = None
    coding: str = ""
    host: str = API
    app: bool = False


class Api:
    """Usable from several threads. `answered` is when it last answered well, on the monotonic clock."""

    def __init__(self, settings: Datadog) -> None:
        self._settings = settings
        self._context = ssl.create_default_context()
        self.answered = time.monotonic()

    def post(self, path: str, value: Any, *, host: str = API, coding: str = "gzip") -> None:
        """Raises LaterError or RefusedError."""
        body = gzipped(value) if coding else plain(value)
        self.ask(Asked("POST", path, body, coding, host))

    def get(self, path: str, query: Mapping[str, str] | None = None, *, app: bool = False) -> Any:
        """The answer's JSON. Raises LaterError or RefusedError."""
        asked = f"{path}?{urlencode(query)}" if query else path
        return json.loads(self.ask(Asked("GET", asked, app=app)))

    def ask(self, asked: Asked) -> bytes:
        """The answer's body. Raises LaterError, with the pause that was asked for, or RefusedError."""
        try:
            status, body, pause_s = self._answer(asked)
        except (OSError, client.HTTPException) as error:
            raise LaterError(f"no answer: {type(error).__name__}: {error}") from None
        except ConfigError as error:
            raise LaterError(str(error)) from None
        if 200 <= status < 300:
            self.answered = time.monotonic()
            return body
        said = f"{asked.method} {asked.path.partition('?')[0]} was answered with {status}{_reason(status)}"
        if status in _PASSING or status >= 500:
            raise LaterError(said, pause_s)
        raise RefusedError(said)

    def _answer(self, asked: Asked) -> tuple[int, bytes, float]:
        connection = self._connection(asked.host)
        try:
            connection.request(asked.method, asked.path, asked.body, self._headers(asked))
            answer = connection.getresponse()
            return answer.status, answer.read(), _pause(answer)
        finally:
            connection.close()

    def _connection(self, host: str) -> client.HTTPConnection:
        parts = urlsplit(self._settings.address or f"https://{host}.{self._settings.site}")
        if parts.scheme == "http":
            return client.HTTPConnection(parts.netloc, timeout=TIMEOUT_S)
        return client.HTTPSConnection(parts.netloc, timeout=TIMEOUT_S, context=self._context)

    def _headers(self, asked: Asked) -> dict[str, str]:
        coded = {"Content-Encoding": asked.coding} if asked.coding else {}
        typed = {"Content-Type": "application/json"} if asked.body is not None else {}
        app = {"DD-APPLICATION-KEY": keys.app(self._settings)} if asked.app else {}
        return {"DD-API-KEY": keys.api(self._settings), "Accept": "application/json", **typed, **coded, **app}


def gzipped(value: Any) -> bytes:
    return gzip.compress(plain(value), 6, mtime=0)


def deflated(value: Any) -> bytes:
    return zlib.compress(plain(value), 6)


def plain(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _pause(answer: client.HTTPResponse) -> float:
    """Seconds until the limit of requests is lifted."""
    try:
        return max(0.0, float(answer.headers.get("X-RateLimit-Reset", 0)))
    except ValueError:
        return 0.0


def _reason(status: int) -> str:
    return {401: ": the key is wrong", 403: ": the key is refused", 429: ": too many requests"}.get(
        status, ""
    )
