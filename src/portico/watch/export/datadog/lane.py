"""When an errand is due: every so often, put off for longer and longer while it fails."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Protocol

from portico.watch.export.shipping import LaterError, RefusedError

log = logging.getLogger("portico.datadog")

FIRST_S, LONGEST_S, ASKED_S = 2.0, 120.0, 900.0


@dataclass(frozen=True, slots=True)
class Lane:
    """How one kind of telling does: for how long nothing arrived, `why`, and why something was lost."""

    name: str
    sent: int = 0
    lost: int = 0
    failing_s: float = 0.0
    why: str = ""
    loss: str = ""


class Errand(Protocol):
    """One kind of what is told. `every_s` is the time between two turns, in seconds."""

    @property
    def name(self) -> str: ...

    @property
    def every_s(self) -> float: ...

    def do(self) -> int:
        """Tell what is due; how many things were taken. Raises LaterError or RefusedError."""
        ...

    def skip(self) -> int:
        """Pass over what was refused for good; how many things are lost so."""
        ...


class Turns:
    """One errand over time. Times are monotonic seconds."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._due = 0.0
        self._sent = self._lost = self._fails = 0
        self._since: float | None = None
        self._why = self._loss = ""

    def turn(self, now: float) -> float:
        """Do the errand if it is due; when it is due next."""
        if now < self._due:
            return self._due
        self._due = now + self._errand.every_s
        try:
            self._sent += self._errand.do()
        except LaterError as error:
            self._fail(now, str(error))
            pause = min(LONGEST_S, FIRST_S * 2 ** min(self._fails - 1, 8))
            self._due = now + max(pause, min(error.after_s, ASKED_S))
        except RefusedError as error:
            self._lost += self._errand.skip()
            self._loss = str(error)
            self._fail(now, str(error))
        except Exception as error:  # noqa: BLE001 - one errand's own mistake must not end the others
            log.warning("telling Datadog (%s) failed: %s", self._errand.name, type(error).__name__)
            self._fail(now, f"{type(error).__name__}: {error}")
            self._due = now + LONGEST_S
        else:
            self._fails, self._since, self._why = 0, None, ""
        return self._due

    def standing(self) -> Lane:
        failing_s = time.monotonic() - self._since if self._since is not None else 0.0
        return Lane(self._errand.name, self._sent, self._lost, failing_s, self._why, self._loss)

    def _fail(self, now: float, why: str) -> None:
        self._fails += 1
        self._why = why
        self._since = now if self._since is None else self._since
