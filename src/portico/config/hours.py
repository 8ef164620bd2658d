"""Hours of the day as the settings write them: `22:00-07:00`, which may go over midnight. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_MOMENT = r"([01]?\d|2[0-3]):([0-5]\d)"
_HOURS = re.compile(rf"{_MOMENT}\s*-\s*{_MOMENT}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` on, before `end`."""

    start: time
    end: time

    def hold(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def parse(text: str) -> Hours:
    """Raises ValueError, which says what was expected."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"expected hours such as 22:00-07:00, got {text!r}")
    hours = Hours(time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])))
    if hours.start == hours.end:
        raise ValueError(f"expected hours that begin and end at different times, got {text!r}")
    return hours
