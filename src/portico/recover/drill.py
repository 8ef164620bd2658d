"""Runs a drill against the running stack, under load, and writes down what was measured: `portico drill`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from portico.config.home import Home
from portico.config.load import Config
from portico.kit import lock
from portico.kit.errors import PorticoError, UnavailableError
from portico.recover import load, practising, report
from portico.recover import scene as scenes
from portico.recover.drills.protocol import Drill
from portico.recover.drills.table import DRILLS
from portico.recover.notes import Notes
from portico.recover.plan import Plan, Target
from portico.recover.report import Report
from portico.recover.scene import Scene
from portico.recover.terms import USUAL, Terms

PAUSE_S = 0.01
PATIENCE_S = 15.0


def run(name: str, config: Config, terms: Terms = USUAL) -> Report:
    """Raises PorticoError when the stack isn't fit for a drill; a drill that fails is a report."""
    drill = _find(name)
    with alone(config.home), contextlib.closing(scenes.of(config)) as scene:
        refuse_unless_healthy(scene)
        said = _running(name, drill, terms, scene)
        with said, drill.staged(scene) as targets, load.laid(_plan(scene, targets, drill, terms)) as playing:
            lasts = time.monotonic() + terms.seconds
            playing.wait_steady(terms.before_s, PATIENCE_S)
            notes = _strike_and_watch(drill, scene)
            time.sleep(max(terms.after_s, lasts - time.monotonic()))
            played = playing.stop()
        judged = report.judge(name, drill.bound_s, notes, played)
        scene.ledger.record("drill", name, **judged.data)
    return judged


@contextlib.contextmanager
def _running(name: str, drill: Drill, terms: Terms, scene: Scene) -> Iterator[None]:
    """Say in the ledger that it runs, so that nobody is called for what it breaks."""
    until = time.time() + PATIENCE_S + drill.bound_s + terms.seconds + 60
    with practising.told(scene.ledger, "drill", name, until):
        yield


def _strike_and_watch(drill: Drill, scene: Scene) -> Notes:
    """Let the drill act until the stack has healed or its time is over; what it did is undone either way."""
    notes = Notes()
    deadline = time.monotonic() + drill.bound_s
    with contextlib.closing(drill.act(scene, notes)) as acting:
        for _ in acting:
            if notes.hit and notes.ejected_at is None:
                notes.look(_down(scene))
            if time.monotonic() > deadline:
                break
            time.sleep(PAUSE_S)
    return notes


def _down(scene: Scene) -> list[str]:
    servers = scene.servers() or {}
    return [name for name, server in servers.items() if not server.up or server.admin != "ready"]


def _plan(scene: Scene, targets: tuple[Target, ...], drill: Drill, terms: Terms) -> Plan:
    return Plan(
        address=scene.door.address,
        targets=targets,
        rate=terms.rate,
        seconds=PATIENCE_S + drill.bound_s + terms.after_s + terms.seconds + 30,
        trusted=str(scene.door.trusted) if scene.door.trusted else None,
        at=scene.door.at,
        visitors=terms.visitors,
    )


def _find(name: str) -> Drill:
    if name not in DRILLS:
        raise PorticoError(f"there is no drill {name!r}", hint=f"one of {', '.join(DRILLS)}")
    return DRILLS[name]()


@contextlib.contextmanager
def alone(home: Home) -> Iterator[None]:
    if not home.run.is_dir():
        raise UnavailableError("nothing was ever started here", where=str(home.root), hint="portico up")
    with lock.held(home.drill_lock) as ours:
        if not ours:
            raise UnavailableError("another drill is running here", where=str(home.root), temporary=True)
        yield


def refuse_unless_healthy(scene: Scene) -> None:
    """Wait a moment for what is just settling, then refuse. Raises UnavailableError."""
    deadline = time.monotonic() + PATIENCE_S
    while troubles := scenes.troubles(scene.status, time.time() - scene.status_at):
        if time.monotonic() > deadline:
            raise UnavailableError(
                f"a drill needs a healthy stack: {'; '.join(troubles)}",
                where=str(scene.home.root),
                hint="portico status",
                temporary=True,
            )
        time.sleep(0.1)
