"""Being on time: asyncio's own waits end on whole milliseconds, and a storm of events delays them further."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import selectors

_AT_ONCE = 4
_CLOCK_MONOTONIC = 1
_NANO = 1_000_000_000


class Patient(selectors.DefaultSelector):
    """Hands out a few events at a time, so that due timers are looked at between them; the rest stays ready.

    A hundred TLS handshakes at once, as after an edge's death, are a tenth of a second's work.
    """

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(timeout)
        return found[:_AT_ONCE]


def loop() -> asyncio.AbstractEventLoop:
    return asyncio.SelectorEventLoop(Patient())


class _Spec(ctypes.Structure):
    """`struct itimerspec`: no interval, and when to wake."""

    _fields_ = (
        ("every_s", ctypes.c_long),
        ("every_ns", ctypes.c_long),
        ("in_s", ctypes.c_long),
        ("in_ns", ctypes.c_long),
    )


class Alarm:
    """One sleeper's timer: Linux's timerfd, or asyncio's own sleep where there is none. Close it."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None)
        create = getattr(self._libc, "timerfd_create", None)
        self._fd: int = create(_CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC) if create else -1
        self._woken: asyncio.Future[None] | None = None
        if self._fd >= 0:
            asyncio.get_running_loop().add_reader(self._fd, self._ring)

    async def sleep(self, seconds: float) -> None:
        if self._fd < 0:
            await asyncio.sleep(seconds)
            return
        whole, rest = divmod(max(int(seconds * _NANO), 1), _NANO)
        loop = asyncio.get_running_loop()
        self._woken = loop.create_future()
        self._libc.timerfd_settime(self._fd, 0, ctypes.byref(_Spec(0, 0, whole, rest)), None)
        late = loop.call_later(seconds, self._wake)
        await self._woken
        late.cancel()

    def close(self) -> None:
        if self._fd >= 0:
            asyncio.get_running_loop().remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _ring(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._fd, 8)
        self._wake()

    def _wake(self) -> None:
        if self._woken and not self._woken.done():
            self._woken.set_result(None)
