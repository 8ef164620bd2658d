"""Keeps an open page current: its parts are made again every second, and those that changed are sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import StreamingResponse

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
LONGEST_S = 600.0
"""The browser then connects again by itself, and is looked at anew."""

_LEAVE = "event: leave\ndata: \n\n"
_BEAT = ": \n\n"


def stream(
    request: Request, make: Callable[[], Mapping[str, str] | None], *, every_s: float
) -> StreamingResponse:
    """`make` gives the parts by their ids, or None when this person may look no longer. Asked in a thread."""
    return StreamingResponse(_parts(request, make, every_s), media_type="text/event-stream", headers=HEADERS)


async def _parts(
    request: Request, make: Callable[[], Mapping[str, str] | None], every_s: float
) -> AsyncIterator[str]:
    sent: dict[str, str] = {}
    ends = asyncio.get_running_loop().time() + LONGEST_S
    while asyncio.get_running_loop().time() < ends and not await request.is_disconnected():
        parts = await to_thread.run_sync(make)
        if parts is None:
            yield _LEAVE
            return
        changed = {name: html for name, html in parts.items() if sent.get(name) != html}
        sent.update(changed)
        yield "".join(_event(name, html) for name, html in changed.items()) or _BEAT
        await asyncio.sleep(every_s)


def _event(name: str, html: str) -> str:
    return f"event: part\ndata: {json.dumps({'id': name, 'html': html})}\n\n"
