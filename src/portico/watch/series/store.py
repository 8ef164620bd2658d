"""The series' writer: one in the watcher. Whatever happens to its files, it goes on and says what is off."""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from portico.config.watching import Watch
from portico.kit import files, lock
from portico.kit.errors import PorticoError
from portico.watch.series import mending, sealing, shelf
from portico.watch.series.journal import Writer
from portico.watch.series.shelf import DAY_S, HOUR_S, LATEST, Period, Shelf, Tier, period

GRACE_S = 30.0
"""An hour is packed so long after its end, when nothing of it is on its way any more."""

BUDGET_S = 0.2
"""A call of `maintain` begins no further check after so long."""

LOOK_S = 30.0
"""So often the hour that is being written is read whole: some MB, some milliseconds."""

WAITING = 720
"""So many rounds wait in memory for a full disk to have room again."""


class Store:
    """`append` and `maintain` may run in two threads. Neither raises for what the disk or its files do."""

    def __init__(self, folder: Path, watch: Watch, now: Callable[[], float] = time.time) -> None:
        self._shelf = Shelf(folder)
        self._watch = watch
        self._now = now
        self._mutex = threading.Lock()
        self._hour: Period | None = None
        self._writer: Writer | None = None
        self._waiting: deque[tuple[float, Mapping[str, float]]] = deque(maxlen=WAITING)
        self._checked = mending.Checked()
        self._looked = 0.0
        self._off: dict[str, str] = {}

    def append(self, at: float, values: Mapping[str, float]) -> None:
        """Write one round; when this returns it survives the process, unless `troubles` says otherwise."""
        if not 0 <= at < LATEST:
            self._off["clock"] = f"samples are left out, the clock says {at} seconds since 1970"
            return
        self._off.pop("clock", None)
        if not values:
            return
        with self._mutex:
            self._waiting.append((at, dict(values)))
            with self._noting("write", f"samples can't be written, {WAITING} rounds wait in memory"):
                while self._waiting:
                    self._write(*self._waiting[0])
                    self._waiting.popleft()

    def _write(self, at: float, values: Mapping[str, float]) -> None:
        hour = period(Tier.RAW, at)
        if self._writer is None or hour != self._hour:
            self._let_go()
            self._hour, self._writer = hour, Writer(self._shelf.journal(hour))
        if found := self._writer.append(at, values):
            mending.note(self._shelf, hour, f"{hour.name} {found}; samples of this hour are lost", at)

    def maintain(self, now: float) -> None:
        """Pack what is over, check what is packed, forget what is old."""
        with self._noting("maintain", "the series can't be kept"):
            self._shelf.create()
            with lock.held(self._shelf.folder / "lock") as mine:
                if mine:
                    files.sweep(self._shelf.folder)
                    self._sync()
                    self._seal(now)
                    self._look(now)
                    self._check(now)
                    self._forget()
                    self._forgive()

    def troubles(self) -> list[str]:
        """What is off now, and what was found damaged during the last day, in sentences."""
        return [*tuple(self._off.values()), *mending.told(self._shelf, self._now())]

    def close(self) -> None:
        with self._mutex:
            self._let_go()

    def _let_go(self) -> None:
        if self._writer:
            self._writer.close()
        self._hour = self._writer = None

    @contextlib.contextmanager
    def _noting(self, what: str, sentence: str) -> Iterator[None]:
        """A trouble stands until the same thing goes well."""
        try:
            yield
            self._off.pop(what, None)
        except (OSError, PorticoError) as error:
            self._off[what] = f"{sentence}: {mending.said(error)}"

    def _sync(self) -> None:
        """What a power cut may take is what came since the last call."""
        with self._mutex:
            fd = self._writer.duplicate() if self._writer else None
        if fd is not None:
            try:
                os.fdatasync(fd)
            finally:
                os.close(fd)

    def _seal(self, now: float) -> None:
        for hour in self._shelf.journals():
            if hour != self._hour and not hour.start <= now < hour.end + GRACE_S:
                with self._noting(hour.name, f"{hour.name} can't be packed"):
                    end = sealing.seal(self._shelf, hour)
                    self._remove(hour, end)

    def _remove(self, hour: Period, end: int) -> None:
        """Let go of a journal that was packed up to `end`, unless more was added meanwhile."""
        with self._mutex:
            journal = self._shelf.journal(hour)
            if hour != self._hour and journal.stat().st_size == end:
                journal.unlink()

    def _look(self, now: float) -> None:
        """Damage in the hour that is being written is told now; it is set aside when the hour is packed."""
        hour = self._hour
        if hour and abs(now - self._looked) >= LOOK_S:
            self._looked = now
            with self._noting(hour.name, f"{hour.name} is damaged"):
                mending.look(self._shelf, hour)

    def _check(self, now: float) -> None:
        """Look whole blocks over, some in each call."""
        until = time.monotonic() + BUDGET_S
        for tier in Tier:
            for of in self._shelf.blocks(tier):
                if time.monotonic() > until:
                    return
                path = self._shelf.block(of)
                if self._checked.due(path, now):
                    with self._noting(of.name, f"{of.name} can't be checked"):
                        sealing.check(self._shelf, of)
                        self._checked.done(path, now)

    def _forget(self) -> None:
        """Keep the newest periods, as many as the settings' days make.

        Counting periods, not comparing with a clock, bounds the size also when the clock is wrong for a
        while, and then takes nothing that is still wanted.
        """
        for tier, keep in self._kept().items():
            for of in self._shelf.blocks(tier)[:-keep]:
                self._shelf.block(of).unlink(missing_ok=True)

    def _forgive(self) -> None:
        """A file that could not be packed or checked, and that somebody took away, is off no more."""
        there = {of.name for of in chain(self._shelf.journals(), *map(self._shelf.blocks, Tier))}
        for name in [name for name in self._off if shelf.named(name) and name not in there]:
            self._off.pop(name, None)

    def _kept(self) -> dict[Tier, int]:
        watch = self._watch
        return {
            Tier.RAW: math.ceil(watch.raw_days * DAY_S / HOUR_S) + 1,
            Tier.MINUTE: math.ceil(watch.minute_days) + 1,
            Tier.HOUR: math.ceil(watch.hour_days / 30) + 1,
        }
