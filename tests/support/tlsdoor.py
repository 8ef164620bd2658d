"""A door with TLS before a server without: what a proxy does, and no more."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from portico.edge import authority


class Door:
    """Listens on `port` of loopback; whoever comes is led to what `leads_to` names."""

    def __init__(self) -> None:
        self.port = 0
        self._to: tuple[str, int] = ("127.0.0.1", 9)

    def leads_to(self, address: str) -> None:
        parts = urlsplit(address)
        self._to = (parts.hostname or "127.0.0.1", parts.port or 80)

    async def lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(*self._to)
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.contextmanager
def standing(name: str, folder: Path) -> Iterator[Door]:
    made = authority.ensure_authority(folder, (name,), datetime.now(UTC))
    authority.make_leaf(folder / "door.pem", made, (name,), datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "door.pem")
    door, listening = Door(), socket.create_server(("127.0.0.1", 0))
    door.port = listening.getsockname()[1]
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()
    running = threading.Thread(
        target=lambda: loop.run_until_complete(_serve(door, listening, context, ended)), daemon=True
    )
    running.start()
    yield door
    loop.call_soon_threadsafe(ended.set)
    running.join(10)
    loop.close()


async def _serve(door: Door, listening: socket.socket, context: ssl.SSLContext, ended: asyncio.Event) -> None:
    async with await asyncio.start_server(door.lead, sock=listening, ssl=context):
        await ended.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
