"""A round of numbers as a request of Prometheus' remote write: protobuf, in snappy's block format."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator

import cramjam

from portico.watch import signal
from portico.watch.export.exporter import Look
from portico.watch.export.remote_write.message import WriteRequest
from portico.watch.export.shipping import Parcel
from portico.watch.signal import Labels, Signal

JOB = "portico"
(STALE,) = struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000002))
"""Prometheus' own NaN: the series ended. Without it a replica that is gone would be up for minutes more."""

MOST = 2000
"""Samples of one request; servers set limits."""


class Packer:
    """`stack` is the label `instance` of all series, beside `job`. Remembers which series there were."""

    def __init__(self, stack: str) -> None:
        self._every = (("instance", stack), ("job", JOB))
        self._told: set[str] = set()

    def pack(self, look: Look) -> Iterator[Parcel]:
        now = {one.key for one in look.signals}
        ended = [Signal(*_named(key, STALE)) for key in sorted(self._told - now)]
        self._told = now
        samples = [*look.signals, *ended]
        for first in range(0, len(samples), MOST):
            some = samples[first : first + MOST]
            yield Parcel(self._request(look.at, some), count=len(some))

    def _request(self, at: float, samples: Collection[Signal]) -> bytes:
        request, milliseconds = WriteRequest(), round(at * 1000)
        for one in samples:
            series = request.timeseries.add()
            for name, value in _sorted((("__name__", one.name), *one.labels, *self._every)):
                series.labels.add(name=name, value=value)
            series.samples.add(value=one.value, timestamp=milliseconds)
        return bytes(cramjam.snappy.compress_raw(request.SerializeToString()))


def _named(key: str, value: float) -> tuple[str, float, Labels]:
    name, labels = signal.parse(key)
    return name, value, labels


def _sorted(labels: Labels) -> list[tuple[str, str]]:
    """By name and without empty ones, as is asked; a series' own go before `instance` and `job`."""
    return sorted({name: value for name, value in reversed(labels) if value}.items())
