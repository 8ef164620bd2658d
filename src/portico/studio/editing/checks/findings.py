"""What a check says about a page: an error keeps it from being published, a warning is told."""

from __future__ import annotations

from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    level: str
    what: str
    hint: str = ""


def error(what: str, hint: str = "") -> Finding:
    return Finding(ERROR, what, hint)


def warning(what: str, hint: str = "") -> Finding:
    return Finding(WARNING, what, hint)
