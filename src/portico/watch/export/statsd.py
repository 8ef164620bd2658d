"""Numbers, events and service checks to an agent, in DogStatsD's format: datagrams that nobody waits for."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from portico.kit.errors import ConfigError
from portico.watch.export import spread
from portico.watch.export.datadog import series
from portico.watch.export.datadog.notices import Check, From, Notice
from portico.watch.signal import Labels, Signal

LARGEST, LARGEST_UNIX = 1432, 8192
"""Bytes of a datagram that pass an Ethernet in one piece, and those that an agent reads from its socket."""

UNIX = "unix://"
PATIENCE_S = 0.5
"""So long an agent may keep a round waiting on its unix socket; the rest of the round is lost then."""

_SEPARATORS = str.maketrans(dict.fromkeys(":|@#,\n", "_"))
_IN_A_TAG = str.maketrans(dict.fromkeys("|@#,\n", "_"))


class Statsd:
    """`address` is `host:port`, `[::1]:8125` for IPv6, or `unix:///run/datadog/dsd.socket`.

    `tags` stand on everything; `within` is the bucket that a promise counts by. Raises ConfigError.
    """

    def __init__(self, address: str, tags: Sequence[str] = (), within: str = "") -> None:
        self._path = _path(address) if address.startswith(UNIX) else None
        self._to = ("", 0) if self._path else _split(address)
        self._tags = tuple(tag.translate(_IN_A_TAG) for tag in tags)
        self._within = within
        self._socket: socket.socket | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="statsd")
        self._sending: Future[None] | None = None

    def send(self, signals: Iterable[Signal], increases: Mapping[str, float]) -> None:
        """Counters as `increases` by series key, gauges as they are. What can't be sent now is lost.

        In a thread of its own: looking the server's name up may take long.
        """
        if self._sending is None or self._sending.done():
            self._sending = self._submit(_lines(list(signals), increases, self._tags, self._within))

    def notice(self, notice: Notice, told: From) -> None:
        self._submit([_event(notice, told.host)])

    def check(self, checks: Iterable[Check], told: From, now: float) -> None:
        self._submit(_check(one, told.host, now) for one in checks)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        if self._socket:
            self._socket.close()

    def _submit(self, lines: Iterable[bytes]) -> Future[None]:
        largest = LARGEST_UNIX if self._path else LARGEST
        return self._pool.submit(self._send, list(_packed(lines, largest)))

    def _send(self, datagrams: Iterable[bytes]) -> None:
        try:
            if self._socket is None:
                self._socket = _at_path(self._path) if self._path else _connected(*self._to)
            for datagram in datagrams:
                self._send_one(self._socket, datagram)
        except OSError:
            # an agent that began anew has another socket at the same path
            if self._path and self._socket:
                self._socket.close()
                self._socket = None

    def _send_one(self, connected: socket.socket, datagram: bytes) -> None:
        try:
            connected.send(datagram)
        except OSError:
            # over UDP, where nobody listens, each second send tells of the one before
            if self._path:
                raise


def _at_path(path: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    made.settimeout(PATIENCE_S)
    try:
        made.connect(path)
    except BaseException:
        made.close()
        raise
    return made


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


def _path(address: str) -> str:
    path = address.removeprefix(UNIX)
    if not path.startswith("/"):
        raise ConfigError(
            f'expected the whole path of a socket, got "{address}"',
            where="watch/statsd",
            hint="such as unix:///var/run/datadog/dsd.socket",
        )
    return path


def _lines(
    signals: Sequence[Signal], increases: Mapping[str, float], tags: Sequence[str], within: str
) -> Iterator[bytes]:
    for signal, kind, value in series.told_of(signals, increases, within):
        yield _line(signal, value, "g" if kind == series.GAUGE else "c", tags)
    for found in spread.spreads(signals, increases):
        yield from _distribution(found, tags)


def _line(signal: Signal, value: float, kind: str, tags: Sequence[str]) -> bytes:
    return f"{signal.name}:{_number(value)}|{kind}{_tagged(signal.labels, tags)}".encode()


def _distribution(found: spread.Spread, tags: Sequence[str]) -> Iterator[bytes]:
    """A bucket's values as one with a sample rate: the agent counts it so often."""
    for value, count in zip(found.values, found.counts, strict=True):
        if count:
            rate = f"|@{1 / count:.9g}" if count > 1 else ""
            yield f"{found.name}:{_number(value)}|d{rate}{_tagged(found.labels, tags)}".encode()


def _event(notice: Notice, host: str) -> bytes:
    """Lengths are bytes, as an agent counts them."""
    title, text = (_escaped(words) for words in (notice.title, notice.text or notice.title))
    low = "|p:low" if notice.kind == "info" else ""
    return (
        f"_e{{{len(title.encode())},{len(text.encode())}}}:{title}|{text}|d:{notice.at:.0f}|h:{host}"
        f"|k:{notice.key}{low}|s:portico|t:{notice.kind}{_tagged((), notice.tags)}"
    ).encode()


def _check(check: Check, host: str, now: float) -> bytes:
    message = f"|m:{_message(check.message)}" if check.message else ""
    return f"_sc|{check.name}|{check.status}|d:{now:.0f}|h:{host}{_tagged((), check.tags)}{message}".encode()


def _message(words: str) -> str:
    return _escaped(words).replace("m:", "m\\:")


def _escaped(words: str) -> str:
    """As many words as fit into a datagram, in one line."""
    return words[:400].replace("\n", "\\n").replace("|", "/")


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _tagged(labels: Labels, more: Sequence[str]) -> str:
    """An empty label is none, and what separates the parts of a line must not stand in a value."""
    tags = [*(f"{name}:{value.translate(_SEPARATORS)}" for name, value in labels if value), *more]
    return f"|#{','.join(tags)}" if tags else ""


def _packed(lines: Iterable[bytes], largest: int) -> Iterator[bytes]:
    """As many lines as fit into each datagram."""
    packed: list[bytes] = []
    size = 0
    for line in lines:
        if packed and size + len(line) + 1 > largest:
            yield b"\n".join(packed)
            packed, size = [], 0
        packed.append(line)
        size += len(line) + 1
    if packed:
        yield b"\n".join(packed)
