"""Whether a visitor gets an answer: what `up --detach` waits for."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Callable, Mapping
from http import client
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portico.kit.errors import UnavailableError

ASK_S = 2.0
POLL_S = 0.02


def wait(address: str, trusted: Path | None, timeout: float) -> float:
    """Seconds until the home page was answered over TLS. Raises UnavailableError after `timeout` seconds.

    Any answer of the site itself counts, also a redirect or its own 404; the edge's own 503 doesn't.
    """
    began = time.monotonic()
    while time.monotonic() - began < timeout:
        status = ask(address, trusted)
        if status is not None and status < 500:
            return time.monotonic() - began
        time.sleep(POLL_S)
    raise UnavailableError(
        f"not serving after {timeout:.0f} s",
        where=address,
        hint="portico status; portico logs",
        temporary=True,
    )


def wait_for_clusters(look: Callable[[], Mapping[str, Any]], timeout: float) -> None:
    """Wait until the replicas of every cluster that is being started answer the keeper.

    After `timeout` seconds the publish is tried all the same: whatever is wrong, it says it best.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        clusters = look().get("clusters", [])
        if clusters and all(cluster["state"] in {"up", "drained"} for cluster in clusters):
            return
        time.sleep(POLL_S)


def ask(address: str, trusted: Path | None) -> int | None:
    """The status that the home page is answered with, or None without an answer."""
    parts = urlsplit(address)
    context = ssl.create_default_context(cafile=str(trusted) if trusted else None)
    if trusted is None:
        context.check_hostname = False
        context.verify_mode = (
            ssl.CERT_NONE
        )  # a certificate of one's own may be for a name that isn't here yet
    connection = client.HTTPSConnection(parts.netloc, timeout=ASK_S, context=context)
    with contextlib.closing(connection), contextlib.suppress(OSError, client.HTTPException):
        connection.request("GET", "/")
        return connection.getresponse().status
    return None
