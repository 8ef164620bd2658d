"""All that the first page is made of, looked up at once: the ledger, the series and the living processes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Protocol

from portico.board import age, numbers, past, state
from portico.board.age import Age
from portico.board.numbers import Numbers
from portico.board.past import Past
from portico.board.state import State
from portico.config.home import Home
from portico.config.models import Settings
from portico.ledger.ledger import Ledger
from portico.model import Finding
from portico.watch.series.read import Reader
from portico.watch.slo import budget
from portico.watch.slo.judge import Slos

MEASURED_EVERY_S = 5.0
"""The series are asked so often; what the ledger tells is news at once."""


@dataclass(frozen=True, slots=True)
class Seen:
    now: float
    settings: Settings
    state: State
    age: Age
    numbers: Numbers = field(default_factory=Numbers)
    past: Past = field(default_factory=Past)
    promises: tuple[budget.State, ...] = ()
    findings: tuple[Finding, ...] = ()


class Stack(Protocol):
    """The console's desk, or whoever else looks."""

    @property
    def home(self) -> Home: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def series(self) -> Reader: ...


class Looker:
    """Keeps in mind what it read of the series. Usable from several threads; one looks at a time."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._slos = Slos(stack, stack.series)
        self._mutex = threading.Lock()
        self._at = float("-inf")
        self._numbers = Numbers()
        self._promises: tuple[budget.State, ...] = ()

    def look(self) -> Seen:
        stack = self._stack
        now = stack.ledger.now
        with self._mutex:
            self._measure(now)
            return Seen(
                now,
                stack.settings,
                state.gather(stack.home, stack.ledger, now),
                age.of(stack.ledger),
                self._numbers,
                past.of(stack.ledger),
                self._promises,
                tuple(found for found, _ in stack.ledger.findings()),
            )

    def _measure(self, now: float) -> None:
        if now - self._at < MEASURED_EVERY_S:
            return
        self._numbers = numbers.of(self._stack.series, now)
        self._promises = tuple(self._slos.look(now))
        self._at = now
