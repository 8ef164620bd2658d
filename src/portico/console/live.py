"""Keeps an open page current: its parts are made again every second, and those that changed are sent."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
LONGEST_S = 600.0
"""The browser then connects again by itself, and is looked at anew."""

MOST = 4
"""So many streams a session may have at once: each makes a page every second, in one of few threads.

Without a proxy that speaks HTTP/2 a browser holds six connections in all, and one more would hang, unsaid.
"""

LEAVE = "event: leave\ndata: \n\n"
"""Whoever is told this may look no longer."""

BEAT = "event: beat\ndata: \n\n"
"""There is nothing new; a page that doesn't hear even this knows that it stands still."""

BEAT_S = 3.0
"""Between two looks that are further apart it beats, too."""

_TICKING = re.compile(r'(<time [^>]*data-as="(?:ago|since)"[^>]*>)[^<]*')
"""Ages, which the browser counts on by itself: they are no news."""

Make = Callable[[], Mapping[str, str] | None]


class Streams:
    """All open streams of a server, which otherwise would wait for them when it shall end."""

    def __init__(self) -> None:
        self._ended = asyncio.Event()
        self._open: Counter[str] = Counter()

    def end(self) -> None:
        self._ended.set()

    def open(self, make: Make, *, every_s: float, whose: str) -> StreamingResponse:
        """`make` gives the parts by their ids, or None when this person may look no longer.

        It is asked in a thread. Starlette ends the stream when the browser leaves. `whose` tells sessions
        apart. Raises HTTPException; to end an older one would not help, its page would come back at once.
        """
        if self._open[whose] >= MOST:
            raise HTTPException(429, f"This session follows {MOST} pages already. Close some of them.")
        self._open[whose] += 1
        return _Stream(self._parts(make, every_s), lambda: self._left(whose))

    def _left(self, whose: str) -> None:
        self._open[whose] -= 1
        if not self._open[whose]:
            del self._open[whose]

    async def _parts(self, make: Make, every_s: float) -> AsyncIterator[str]:
        sent: dict[str, str] = {}
        clock = asyncio.get_running_loop().time
        ends = clock() + LONGEST_S
        while clock() < ends and not self._ended.is_set():
            parts = await to_thread.run_sync(make)
            if parts is None:
                yield LEAVE
                return
            yield message(news(parts, sent))
            async for beat in self._beats(every_s):
                yield beat

    async def _beats(self, seconds: float) -> AsyncIterator[str]:
        """Those between two looks."""
        while seconds > BEAT_S and not await self._ended_within(BEAT_S):
            yield BEAT
            seconds -= BEAT_S
        await self._ended_within(seconds)

    async def _ended_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)
        return self._ended.is_set()


class _Stream(StreamingResponse):
    """Tells when it is over, however it ends."""

    def __init__(self, parts: AsyncIterator[str], over: Callable[[], None]) -> None:
        super().__init__(parts, media_type="text/event-stream", headers=HEADERS)
        self._over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._over()


def news(parts: Mapping[str, str], sent: dict[str, str]) -> dict[str, str]:
    """The parts that changed in more than their ages; `sent` remembers them."""
    still = {name: _TICKING.sub(r"\1", html) for name, html in parts.items()}
    changed = {name: parts[name] for name, told in still.items() if sent.get(name) != told}
    sent.update(still)
    return changed


def message(parts: Mapping[str, str]) -> str:
    """One event that puts each part in the place of the one with its id, as htmx reads it."""
    if not parts:
        return BEAT
    html = "".join(
        f'<hx-partial hx-target="#{name}" hx-swap="outerMorph">{part}</hx-partial>'
        for name, part in parts.items()
    )
    return "".join(f"data: {line}\n" for line in html.splitlines() if line.strip()) + "\n"
