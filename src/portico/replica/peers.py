"""The replicas of the other clusters, which keep copies of what this one takes, asked one after the other."""

from __future__ import annotations

import asyncio
import glob
from collections.abc import Sequence
from pathlib import Path

from portico.intake import secret
from portico.kit import unixsocket

PATH = "/-/copy/"
TAG = "x-portico-copy"
"""Header that shows that a replica asks: nobody else can make it."""

EACH_S, ALL_S = 0.6, 1.2
"""How long one may take, and all of them; a post that waits for longer is taken alone."""


def tag(known: bytes, name: str, data: bytes) -> str:
    return secret.tag(known, "copy", name.encode(), data)


def is_tag(shown: str, known: bytes, name: str, data: bytes) -> bool:
    return secret.is_tag(shown, known, "copy", name.encode(), data)


class Peers:
    """`patterns` name their sockets, with wildcards: replicas come and go."""

    def __init__(self, patterns: Sequence[str], known: bytes) -> None:
        self._patterns = patterns
        self._secret = known
        self._last = ""

    async def copy(self, name: str, data: bytes) -> bool:
        """Whether one of them has it on its disk now."""
        try:
            async with asyncio.timeout(ALL_S):
                for socket in self._in_turn():
                    if await self._put(socket, name, data):
                        self._last = socket
                        return True
        except TimeoutError:
            pass
        return False

    def _in_turn(self) -> list[str]:
        """Who answered last comes first, so that a dead one is not asked for each post."""
        found = (socket for pattern in self._patterns for socket in glob.glob(pattern))  # noqa: PTH207 - as strings
        return sorted(found, key=lambda socket: (socket != self._last, socket))

    async def _put(self, socket: str, name: str, data: bytes) -> bool:
        head = (
            f"PUT {PATH}{name} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
            f"content-length: {len(data)}\r\n{TAG}: {tag(self._secret, name, data)}\r\n\r\n"
        )
        try:
            async with asyncio.timeout(EACH_S):
                return await _status(Path(socket), head.encode() + data) == b"204"
        except (OSError, TimeoutError):
            return False


async def _status(socket: Path, request: bytes) -> bytes:
    with unixsocket.reachable(socket) as address:
        reader, writer = await asyncio.open_unix_connection(address)
    try:
        writer.write(request)
        await writer.drain()
        return (await reader.readline())[9:12]
    finally:
        writer.close()
