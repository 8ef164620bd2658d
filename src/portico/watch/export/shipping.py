"""A thread that packs what it is told and sends it: for destinations that may be away for hours.

Nobody waits for it: what it is told goes into a small inbox, what is packed into a queue of bounded size,
whose oldest parcels are dropped first. An exporter gives it two functions, `pack` and `send`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

INBOX = 24
"""So many things that aren't packed yet are held while a sending hangs."""

HANGS_S = 30.0
"""A sending that takes longer is one that doesn't get on."""

LAST_S = 1.0
"""So long a process that ends waits for what is still to be sent."""


class LaterError(Exception):
    """The parcel may be taken later; `after_s` is the pause that the destination asked for."""

    def __init__(self, why: str, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.after_s = after_s


class RefusedError(Exception):
    """The parcel will never be taken; of one that was taken in part, `count` things won't."""

    def __init__(self, why: str, count: int | None = None) -> None:
        super().__init__(why)
        self.count = count


@dataclass(frozen=True, slots=True)
class Parcel:
    """`what` is the exporter's own word for how to send it, `count` how many things are in it."""

    body: bytes
    what: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Pauses after a failure double from `first_s` to `longest_s`; `room` is the queue's, in bytes."""

    first_s: float = 1.0
    longest_s: float = 60.0
    asked_s: float = 600.0
    room: int = 32 << 20


@dataclass(frozen=True, slots=True)
class Health:
    """`sent`, `dropped` (there was no room) and `refused` count things, `waiting` parcels.

    `failing_s` is for how long nothing arrived, 0 while it works; `trouble` says why. `loss` says why the
    last refused ones were.
    """

    destination: str
    sent: int = 0
    dropped: int = 0
    refused: int = 0
    waiting: int = 0
    failing_s: float = 0.0
    trouble: str = ""
    loss: str = ""


class Shipper(Generic[T]):
    """`pack` and `send` are called in its own thread only, in order.

    `send` raises LaterError or RefusedError; anything else that either raises is its own mistake, and costs
    what it was called with.
    """

    def __init__(
        self,
        destination: str,
        pack: Callable[[T], Iterable[Parcel]],
        send: Callable[[Parcel], None],
        limits: Limits = Limits(),
    ) -> None:
        self._destination, self._pack, self._send, self._limits = destination, pack, send, limits
        self._changed = threading.Condition()
        self._inbox: deque[T] = deque()
        self._queue: deque[Parcel] = deque()
        self._held = self._sent = self._dropped = self._refused = self._fails = 0
        self._next = 0.0
        self._began: float | None = None
        self._failing_since: float | None = None
        self._trouble = self._loss = ""
        self._leaving = False
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"export-{destination}")
        self._thread.start()

    def tell(self, thing: T) -> None:
        """Never waits."""
        with self._changed:
            if len(self._inbox) >= INBOX:
                self._inbox.popleft()
                self._dropped += 1
            self._inbox.append(thing)
            self._changed.notify()

    def health(self) -> Health:
        with self._changed:
            failing_s = self._failing()
            return Health(
                self._destination,
                self._sent,
                self._dropped,
                self._refused,
                len(self._queue) + len(self._inbox),
                failing_s,
                self._trouble or ("a sending hangs" if failing_s else ""),
                self._loss,
            )

    def leave(self) -> None:
        """Ask it to send what it holds, each parcel once, and to end."""
        with self._changed:
            self._leaving = True
            self._changed.notify()

    def close(self) -> None:
        """`leave`, and wait a little for it."""
        self.leave()
        self._thread.join(LAST_S)

    def _failing(self) -> float:
        now, began = time.monotonic(), self._began
        if self._failing_since is not None:
            return now - self._failing_since
        took = now - began if began is not None else 0.0
        return took if took > HANGS_S else 0.0

    def _run(self) -> None:
        while not self._leaving:
            with self._changed:
                self._changed.wait_for(self._has_news, self._pause())
            self._pack_all()
            if self._queue and time.monotonic() >= self._next:
                self._send_one()
        self._pack_all()
        while self._queue and self._send_one():
            pass

    def _has_news(self) -> bool:
        return self._leaving or bool(self._inbox)

    def _pause(self) -> float | None:
        """Until the next parcel is due; None when there is none."""
        return max(0.0, self._next - time.monotonic()) if self._queue else None

    def _pack_all(self) -> None:
        while self._inbox:
            with self._changed:
                thing = self._inbox.popleft()
            try:
                for parcel in self._pack(thing):
                    self._queue_up(parcel)
            except Exception as error:  # noqa: BLE001 - one thing that can't be packed must not end the sending
                self._note_loss(1, f"it can't be packed: {type(error).__name__}: {error}")

    def _queue_up(self, parcel: Parcel) -> None:
        with self._changed:
            self._queue.append(parcel)
            self._held += len(parcel.body)
            while self._held > self._limits.room:
                oldest = self._queue.popleft()
                self._held -= len(oldest.body)
                self._dropped += oldest.count

    def _send_one(self) -> bool:
        """Whether it is done with the oldest parcel."""
        parcel = self._queue[0]
        self._began = time.monotonic()
        try:
            self._send(parcel)
        except LaterError as error:
            self._put_off(error)
            return False
        except RefusedError as error:
            self._note_refusal(parcel, error)
        except Exception as error:  # noqa: BLE001 - a parcel that breaks the sender must not be tried for ever
            self._note_loss(parcel.count, f"{type(error).__name__}: {error}")
        else:
            self._note_arrival(parcel.count)
        finally:
            self._began = None
        self._done_with(parcel)
        return True

    def _put_off(self, error: LaterError) -> None:
        with self._changed:
            self._fail(str(error))
            limits = self._limits
            pause = min(limits.longest_s, limits.first_s * 2 ** min(self._fails - 1, 16))
            self._next = time.monotonic() + max(pause, min(error.after_s, limits.asked_s))

    def _note_loss(self, count: int, why: str) -> None:
        with self._changed:
            self._refused += count
            self._loss = why
            self._fail(why)

    def _note_refusal(self, parcel: Parcel, error: RefusedError) -> None:
        if error.count is None:
            self._note_loss(parcel.count, str(error))
            return
        self._note_arrival(parcel.count - error.count)
        with self._changed:
            self._refused += error.count
            self._loss = str(error)

    def _note_arrival(self, count: int) -> None:
        with self._changed:
            self._sent += count
            self._fails, self._failing_since, self._trouble = 0, None, ""

    def _fail(self, why: str) -> None:
        self._fails += 1
        self._trouble = why
        if self._failing_since is None:
            self._failing_since = time.monotonic()

    def _done_with(self, parcel: Parcel) -> None:
        with self._changed:
            self._queue.popleft()
            self._held -= len(parcel.body)
