"""How the player reaches a site: from which addresses, to which one, trusting whom."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any


class Resuming(ssl.SSLContext):
    """Resumes the last TLS session on each new connection, as browsers do; asyncio has no word for it."""

    session: ssl.SSLSession | None = None

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        return super().wrap_bio(*args, **{**kwargs, "session": self.session})


async def reachable(host: str, port: int) -> str:
    """The address under which the host answers, so that every connection goes to the same one."""
    _, writer = await asyncio.open_connection(host, port)
    peer = writer.get_extra_info("peername")
    writer.close()
    await writer.wait_closed()
    return str(peer[0])


def sources(peer: str, visitors: int) -> list[tuple[str, int] | None]:
    """Loopback addresses to come from, as different visitors; one where the system has no others."""
    if not peer.startswith("127.") or not _can_bind("127.1.0.1"):
        return [None]
    return [(f"127.1.{number // 250}.{number % 250 + 1}", 0) for number in range(visitors)]


def _can_bind(address: str) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
        return True


def context(trusted: str | None) -> Resuming:
    made = Resuming(ssl.PROTOCOL_TLS_CLIENT)
    made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if trusted:
        made.load_verify_locations(trusted)
    else:
        made.load_default_certs()
    return made
