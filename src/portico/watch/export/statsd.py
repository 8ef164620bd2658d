"""The numbers to a StatsD server, in DogStatsD's format: datagrams that nobody waits for."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from portico.kit.errors import ConfigError
from portico.watch import registry
from portico.watch.metric import Kind
from portico.watch.signal import Labels, Signal

LARGEST = 1432
"""Bytes of a datagram that pass an Ethernet in one piece."""

_SEPARATORS = str.maketrans(dict.fromkeys(":|@#,\n", "_"))


class Statsd:
    """`address` is `host:port`; `[::1]:8125` for IPv6. Raises ConfigError."""

    def __init__(self, address: str) -> None:
        self._to = _split(address)
        self._socket: socket.socket | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="statsd")
        self._sending: Future[None] | None = None

    def send(self, signals: Iterable[Signal], increases: Mapping[str, float]) -> None:
        """Counters as `increases` by series key, gauges as they are. What can't be sent now is lost.

        In a thread of its own: looking the server's name up may take long.
        """
        if self._sending is None or self._sending.done():
            self._sending = self._pool.submit(self._send, list(_packed(_lines(signals, increases))))

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        if self._socket:
            self._socket.close()

    def _send(self, datagrams: Iterable[bytes]) -> None:
        with contextlib.suppress(OSError):
            if self._socket is None:
                self._socket = _connected(*self._to)
            for datagram in datagrams:
                # where nobody listens, each second send tells of the one before
                with contextlib.suppress(OSError):
                    self._socket.send(datagram)


def _connected(host: str, port: int) -> socket.socket:
    """Looked up once; the agent beside us doesn't move."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)  # noqa: FBT003 - its only argument
    try:
        made.connect(address)
    except BaseException:
        made.close()
        raise
    return made


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(
            f'expected a host and a port, got "{address}"',
            where="watch/statsd",
            hint="such as 127.0.0.1:8125",
        )
    return host.strip("[]"), int(port)


def _lines(signals: Iterable[Signal], increases: Mapping[str, float]) -> Iterator[bytes]:
    for signal in signals:
        metric = registry.find(signal.name)
        if metric is None:
            continue
        if metric.kind is Kind.GAUGE:
            yield _line(signal, signal.value, "g")
        elif increases.get(signal.key) and not signal.name.endswith("_bucket"):
            yield _line(signal, increases[signal.key], "c")


def _line(signal: Signal, value: float, kind: str) -> bytes:
    told = f"{value:.6f}".rstrip("0").rstrip(".")
    return f"{signal.name}:{told}|{kind}{_tags(signal.labels)}".encode()


def _tags(labels: Labels) -> str:
    """An empty label is none, and what separates the parts of a line must not stand in a value."""
    tags = [f"{name}:{value.translate(_SEPARATORS)}" for name, value in labels if value]
    return f"|#{','.join(tags)}" if tags else ""


def _packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """As many lines as fit into each datagram."""
    packed: list[bytes] = []
    size = 0
    for line in lines:
        if packed and size + len(line) + 1 > LARGEST:
            yield b"\n".join(packed)
            packed, size = [], 0
        packed.append(line)
        size += len(line) + 1
    if packed:
        yield b"\n".join(packed)
