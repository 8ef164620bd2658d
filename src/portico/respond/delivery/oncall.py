"""Who is on call, from an iCal file whose events name channels; the last good file holds when it breaks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from portico.kit.errors import PorticoError

AHEAD = timedelta(days=35)
FRESH_S = 30.0


@dataclass(frozen=True, slots=True)
class Shift:
    """An event: whose channels from when until when, seconds since the epoch. `said` is its summary."""

    start: float
    end: float
    channels: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Those on call `now` and after that, and every channel that stands in the calendar at all."""

    now: tuple[Shift, ...] = ()
    next: tuple[Shift, ...] = ()
    named: frozenset[str] = frozenset()

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for shift in self.now for name in shift.channels))


class Rota:
    """Reads the file when it changed, and looks who is on call when that may have."""

    def __init__(self, file: Path, channels: Collection[str], zone: ZoneInfo) -> None:
        self._file = file
        self._channels = tuple(channels)
        self._zone = zone
        self._calendar: Any = None
        self._read = ""
        self._duty = Duty()
        self._looked_at: float | None = None
        self.trouble: str | None = None

    def at(self, now: float) -> Duty:
        """Never raises: what is wrong with the file stands in `trouble`, and the last good one holds."""
        if self._looked_at is not None and abs(now - self._looked_at) < FRESH_S:
            return self._duty
        self._looked_at = now
        self.trouble = self._refreshed(now)
        try:
            self._duty = self._worked_out(self._calendar, now) if self._calendar else Duty()
        except PorticoError as error:
            self.trouble = str(error)
        self.trouble = self.trouble or self._nameless(now)
        return self._duty

    def _refreshed(self, now: float) -> str | None:
        """Take up the file if it changed and tells who is on call; else why not, and the one before stays."""
        try:
            data = _bytes(self._file)
            digest = hashlib.sha256(data).hexdigest()
            if digest != self._read:
                found = _parsed(data, self._file)
                self._worked_out(found, now)
                self._calendar, self._read = found, digest
        except PorticoError as error:
            return str(error)
        return None

    def _worked_out(self, calendar: Any, now: float) -> Duty:
        moment = datetime.fromtimestamp(now, UTC)
        try:  # the libraries raise what they like on a broken rule
            shifts = sorted(
                self._shifts(calendar, moment, moment + AHEAD), key=lambda shift: (shift.start, shift.said)
            )
            named = {name for event in calendar.walk("VEVENT") for name in self._named_by(event)}
        except Exception as error:
            raise _broken(self._file, error) from error
        on = tuple(shift for shift in shifts if shift.start <= now < shift.end)
        later = [shift for shift in shifts if shift.start > now]
        following = tuple(shift for shift in later if shift.start == later[0].start)
        return Duty(on, following, frozenset(named))

    def _shifts(self, calendar: Any, start: datetime, end: datetime) -> Iterator[Shift]:
        import recurring_ical_events  # type: ignore[import-untyped]  # noqa: PLC0415 - takes long, few need it

        for event in recurring_ical_events.of(calendar).between(start, end):
            if event.get("STATUS") != "CANCELLED":
                yield self._shift(event)

    def _shift(self, event: Any) -> Shift:
        start, end = event.start, event.end
        return Shift(
            self._epoch(start), self._epoch(end), self._named_by(event), str(event.get("SUMMARY", "")).strip()
        )

    def _epoch(self, moment: date) -> float:
        """A day, and a time without a zone, is meant in the zone of the settings."""
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, tzinfo=self._zone)
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).timestamp()

    def _named_by(self, event: Any) -> tuple[str, ...]:
        """The channels whose names stand as words in the summary, or are an attendee's name or mailbox."""
        words = set(re.findall(r"[a-z][a-z0-9-]*", str(event.get("SUMMARY", "")).lower()))
        given = event.get("ATTENDEE", [])
        for attendee in given if isinstance(given, list) else [given]:
            mailbox = str(attendee).lower().removeprefix("mailto:").partition("@")[0]
            common = str(getattr(attendee, "params", {}).get("CN", "")).lower()
            words |= {mailbox, common, *common.split()}
        return tuple(name for name in self._channels if name in words)

    def _nameless(self, now: float) -> str | None:
        """An event that names nobody whom we know calls nobody."""
        week = now + timedelta(days=7).total_seconds()
        for shift in (*self._duty.now, *self._duty.next):
            if not shift.channels and shift.start < week:
                known = ", ".join(self._channels)
                return f"the event {shift.said!r} names no channel, expected one of {known}"
        return None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PorticoError(f"can't be read: {error.strerror}", where=str(file)) from error


def _parsed(data: bytes, file: Path) -> Any:
    import icalendar  # noqa: PLC0415 - takes long, few need it

    try:
        found = icalendar.Calendar.from_ical(data)
    except Exception as error:
        raise _broken(file, error) from error
    if not found.walk("VEVENT"):
        raise PorticoError("there is no event in it", where=str(file))
    return found


def _broken(file: Path, error: Exception) -> PorticoError:
    return PorticoError(f"expected iCal: {' '.join(str(error).split())[:200]}", where=str(file))
