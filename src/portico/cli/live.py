"""The live view in the foreground: it looks at the ledger, draws, and says what Ctrl-C does."""

from __future__ import annotations

import collections
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rich.live import Live

from portico.board import state
from portico.cli import ending, screen, tale, view, words
from portico.cli.orders import Desk

EVERY_S = 0.25
_SAMPLES = 60


class _Terminated(KeyboardInterrupt):
    """SIGTERM, which asks for the same as Ctrl-C."""


@contextmanager
def until_interrupted(desk: Desk, *, ours: bool) -> Iterator[None]:
    """Until Ctrl-C: that stops the stack when it is `ours`, else leaves it running."""
    before: Callable[[int, FrameType | None], object] | int | None = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except KeyboardInterrupt:
        if ours:
            _stop(desk)
        else:
            screen.say("left; the stack keeps running (portico down stops it)")
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise _Terminated


def show(desk: Desk, *, ours: bool) -> None:
    """Show the stack until it is gone or somebody interrupts."""
    if screen.out().is_terminal:
        _draw(desk, "ctrl-c stops the stack" if ours else "ctrl-c leaves; the stack keeps running")
    else:
        _print(desk)


def _draw(desk: Desk, foot: str) -> None:
    console = screen.out()
    rates = collections.deque[float](maxlen=_SAMPLES)
    with Live(console=console, screen=True, auto_refresh=False) as shown:
        while True:
            found = state.gather(desk.home, desk.ledger)
            rates.append(float(found["edge"].get("rate") or 0.0))
            scene = view.Scene(found, desk.ledger.events(last=80), tuple(rates), foot)
            shown.update(view.render(scene, console.width, console.height), refresh=True)
            _gone(desk)
            time.sleep(EVERY_S)


def _print(desk: Desk) -> None:
    """Where there is no terminal: each event as a line, from now on."""
    last = desk.ledger.events(last=1)
    seq = last[0].seq if last else 0
    while True:
        for event in desk.ledger.events(after=seq):
            seq = event.seq
            screen.out().print(tale.line(event, time.time()), soft_wrap=True)
        _gone(desk)
        time.sleep(EVERY_S)


def _gone(desk: Desk) -> None:
    """Somebody else took the stack down: there is nothing more to show."""
    if not ending.running(desk.home):
        raise SystemExit(0)


def _stop(desk: Desk) -> None:
    screen.say("stopping the stack (ctrl-c again leaves the rest of it running)")
    began = time.monotonic()
    ended = ending.stop(desk)
    took = words.duration(time.monotonic() - began)
    screen.say(f"stopped {words.count(ended, 'process', 'processes')} in {took}")
