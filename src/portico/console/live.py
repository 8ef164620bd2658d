"""Keeps an open page current: its parts are made again every second, and those that changed are sent."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Mapping

from anyio import to_thread
from starlette.responses import StreamingResponse

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
LONGEST_S = 600.0
"""The browser then connects again by itself, and is looked at anew."""

LEAVE = "event: leave\ndata: \n\n"
"""Whoever is told this may look no longer."""

_BEAT = ": \n\n"
_TICKING = re.compile(r'(<time [^>]*data-as="(?:ago|since)"[^>]*>)[^<]*')
"""Ages, which the browser counts on by itself: they are no news."""

Make = Callable[[], Mapping[str, str] | None]


class Streams:
    """All open streams of a server, which otherwise would wait for them when it shall end."""

    def __init__(self) -> None:
        self._ended = asyncio.Event()

    def end(self) -> None:
        self._ended.set()

    def open(self, make: Make, *, every_s: float) -> StreamingResponse:
        """`make` gives the parts by their ids, or None when this person may look no longer.

        It is asked in a thread. Starlette ends the stream when the browser leaves.
        """
        return StreamingResponse(self._parts(make, every_s), media_type="text/event-stream", headers=HEADERS)

    async def _parts(self, make: Make, every_s: float) -> AsyncIterator[str]:
        sent: dict[str, str] = {}
        ends = asyncio.get_running_loop().time() + LONGEST_S
        while asyncio.get_running_loop().time() < ends and not self._ended.is_set():
            parts = await to_thread.run_sync(make)
            if parts is None:
                yield LEAVE
                return
            yield message(news(parts, sent))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), every_s)


def news(parts: Mapping[str, str], sent: dict[str, str]) -> dict[str, str]:
    """The parts that changed in more than their ages; `sent` remembers them."""
    still = {name: _TICKING.sub(r"\1", html) for name, html in parts.items()}
    changed = {name: parts[name] for name, told in still.items() if sent.get(name) != told}
    sent.update(still)
    return changed


def message(parts: Mapping[str, str]) -> str:
    """One event that puts each part in the place of the one with its id, as htmx reads it."""
    if not parts:
        return _BEAT
    html = "".join(
        f'<hx-partial hx-target="#{name}" hx-swap="outerMorph">{part}</hx-partial>'
        for name, part in parts.items()
    )
    return "".join(f"data: {line}\n" for line in html.splitlines() if line.strip()) + "\n"
