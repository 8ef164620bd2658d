"""What went wrong, told to a person. Raised anywhere, shown in one place: the program's error boundary."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The process's exit code for each kind of failure; scripts branch on it."""

    FAILED = 1
    USAGE = 2
    CONFIG = 3
    SOURCE = 4
    UNAVAILABLE = 5
    INTEGRITY = 6


class PorticoError(Exception):
    """One clear line: what, where, and what to do.

    `what` says what happened and what was expected, `where` names the file, key or place, `hint` the next
    thing to try. `temporary` says whether the same call may succeed later.
    """

    code = Exit.FAILED

    def __init__(self, what: str, *, where: str = "", hint: str = "", temporary: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint
        self.temporary = temporary

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.what}{advice}"


class ConfigError(PorticoError):
    """`portico.toml` or a flag asks for something that can't be."""

    code = Exit.CONFIG


class SourceError(PorticoError):
    """The source could not be read whole; nothing was published."""

    code = Exit.SOURCE


class UnavailableError(PorticoError):
    """Something that must run doesn't: the keeper, the edge, a program that isn't installed."""

    code = Exit.UNAVAILABLE


class IntegrityError(PorticoError):
    """Bytes are not what their hash or signature says."""

    code = Exit.INTEGRITY


class MissingError(PorticoError):
    """What somebody named isn't there."""

    code = Exit.USAGE
