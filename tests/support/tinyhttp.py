"""A little HTTP/1.1 server whose handler may misbehave on purpose: stall, cut, reset, lie."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Asked:
    """One request: its path, its headers, how many came before it on this connection, who sent it."""

    path: str
    headers: dict[str, str]
    earlier: int
    peer: str


Handler = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


def say(writer: asyncio.StreamWriter, body: bytes, status: int = 200, *headers: str) -> None:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers, "", ""]
    writer.write("\r\n".join(lines).encode() + body)


def reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@contextlib.contextmanager
def serving(
    handler: Handler, *, unix: Path | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve in a thread; yields the address. A connection that the handler closed is left alone."""
    loop, ready, ended = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    port, writers = 0, list[asyncio.StreamWriter]()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer, earlier = writer.get_extra_info("peername"), 0
        writers.append(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                first, *rest = head.strip().split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in rest)
                await handler(Asked(first.split()[1], headers, earlier, peer and peer[0]), writer)
                earlier += 1
        writer.close()

    async def main() -> None:
        nonlocal port
        if unix:
            server = await asyncio.start_unix_server(connected, unix)
        else:
            server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls, backlog=512)
            port = server.sockets[0].getsockname()[1]
        ready.set()
        await ended.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),))
    thread.start()
    try:
        assert ready.wait(60)
        yield f"{'https' if tls else 'http'}://localhost:{port}/"
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(60)
        loop.close()


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate: the file to trust, and the server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{name}.pem", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
