"""The body that comes with a request: all of it, not too long, and not for ever."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from portico.replica.serve import RequestHeaders

_TIME_S = 5.0
"""So long a body may take to arrive."""


class Incoming(Protocol):
    """How granian gives a request's body."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class RefusedError(Exception):
    """Answered with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read(headers: RequestHeaders, incoming: Incoming, most: int) -> bytes:
    """RefusedError when it doesn't say its length, is longer than `most`, or too slow.

    Who is refused for another reason had better be read first: an answer in the middle of a body may be lost.
    """
    length = headers.get("content-length") or ""
    if not (length.isascii() and length.isdigit()):
        raise RefusedError(411)
    if len(length) > 9 or int(length) > most:
        raise RefusedError(413)
    data = bytearray()
    try:
        async with asyncio.timeout(_TIME_S):
            async for piece in incoming:
                data += piece
    except TimeoutError as error:
        raise RefusedError(408) from error
    return bytes(data)


async def drop(headers: RequestHeaders, incoming: Incoming, most: int) -> None:
    """Read what nobody wants, so that the answer isn't lost. What is too long or too slow is left."""
    with contextlib.suppress(RefusedError):
        await read(headers, incoming, most)
