"""The open-loop load player: requests leave on schedule whatever the answers do; waiting counts from then.

A tool that waits for an answer before it asks again measures one slow request where visitors suffer hundreds.
Drills run it as a process of its own (`python -m portico.recover.player`), so that their work is not its lag.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from portico.kit.errors import PorticoError
from portico.recover import alarm
from portico.recover import plan as plans
from portico.recover.alarm import Alarm
from portico.recover.plan import Plan, Target
from portico.recover.played import Played, Second, Tally
from portico.recover.visitors import Visitors

Tell = Callable[[int, Second], None]
_BURST = 32
_FIRST_IN_LINE = -10
"""Who measures must not wait for what is measured; only root may ask for it."""


class Player:
    """One run of a plan. `stop` ends it early; what was sent by then is waited for and counted."""

    def __init__(self, plan: Plan, tell: Tell = lambda _number, _second: None) -> None:
        self._plan, self._tell = plan, tell
        self._tally = Tally()
        self._started = 0.0
        self._stopped = False
        self._visitors = Visitors(plan, self._tally, self._clock)

    def stop(self) -> None:
        self._stopped = True

    async def play(self) -> Played:
        """Raises UnavailableError when there is nobody to ask."""
        await self._visitors.arrive()
        with _collector_held_back():
            begun, self._started = time.time(), time.monotonic()
            telling = asyncio.create_task(self._tell_each_second())
            with contextlib.closing(Alarm()) as clock:
                await self._send_on_schedule(clock)
            seconds = self._clock()
            await self._visitors.leave()
            telling.cancel()
        return self._tally.close(
            started=begun, seconds=seconds, rate=self._plan.rate, lag_ms=self._plan.lag_ms
        )

    async def _send_on_schedule(self, clock: Alarm) -> None:
        choices, burst = self._plan.choices(), 0
        for intended in self._plan.times():
            burst = 0 if await self._wait_until(intended, clock) else burst + 1
            if burst >= _BURST:
                burst = 0
                await asyncio.sleep(0)
            if self._stopped:
                return
            self._visitors.send(next(choices), intended)

    async def _wait_until(self, intended: float, clock: Alarm) -> bool:
        """Whether there was anything to wait for; awake now and then, to notice a stop."""
        waited = False
        while not self._stopped and (ahead := intended - self._clock()) > 0:
            await clock.sleep(min(ahead, 0.1))
            waited = True
        return waited

    async def _tell_each_second(self) -> None:
        number = 0
        while True:
            await asyncio.sleep(max(number + 1 - self._clock(), 0))
            if number < len(self._tally.timeline):
                self._tell(number, self._tally.timeline[number])
            number += 1

    def _clock(self) -> float:
        return time.monotonic() - self._started


@contextlib.contextmanager
def _collector_held_back() -> Iterator[None]:
    """A full collection walks every object and is felt as lag; what exists now is set aside from it."""
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(50_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        with asyncio.Runner(loop_factory=alarm.loop) as runner:
            played = runner.run(_run(options))
    except PorticoError as error:
        sys.stderr.write(f"{error}\n")
        return error.code
    sys.stdout.write(f"{played.dumps() if options.json else _sentences(played)}\n")
    return 1 if played.void or played.failures else 0


async def _run(options: argparse.Namespace) -> Played:
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, _FIRST_IN_LINE)
    loop = asyncio.get_running_loop()
    plan = plans.loads(sys.stdin.readline()) if options.plan_from_stdin else _plan(options)
    player = Player(plan, _tell_json if options.json else lambda _number, _second: None)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, player.stop)
    if options.plan_from_stdin:
        loop.add_reader(sys.stdin, player.stop)
    return await player.play()


def _tell_json(number: int, second: Second) -> None:
    sys.stdout.write(json.dumps({"second": number, **asdict(second)}) + "\n")
    sys.stdout.flush()


def _sentences(played: Played) -> str:
    counts = f"{played.answered} answered, {played.failures} failed, {played.retried} retried"
    times = f"p50 {played.p50}, p90 {played.p90}, p99 {played.p99}, p99.9 {played.p999}"
    lines = [
        f"{played.sent} requests in {played.seconds:.1f} s: {counts}",
        f"ms: {times}, slowest {played.slowest}; own lag p99 {played.lag_p99}",
        *(str(fault) for fault in played.faults[:20]),
    ]
    return "\n".join([*lines, f"void: {played.void}"] if played.void else lines)


def _plan(options: argparse.Namespace) -> Plan:
    return Plan(
        address=options.address,
        targets=tuple(Target(path) for path in options.path or ["/"]),
        rate=options.rate,
        seconds=options.seconds,
        trusted=options.ca and str(options.ca),
        poisson=options.poisson,
        visitors=options.visitors,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m portico.recover.player", description=__doc__)
    parser.add_argument("address", nargs="?", default="https://localhost:8443/")
    parser.add_argument("--path", action="append", help="a path to ask for; may be given often")
    parser.add_argument("--rate", type=float, default=100, help="requests a second")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--ca", type=Path, help="the certificates to trust")
    parser.add_argument("--poisson", action="store_true", help="random arrivals instead of even ones")
    parser.add_argument("--visitors", type=int, default=16, help="loopback addresses to come from")
    parser.add_argument("--json", action="store_true", help="a line each second, and the result as the last")
    parser.add_argument(
        "--plan-from-stdin", action="store_true", help="a whole plan as a line of JSON; the input's end stops"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
