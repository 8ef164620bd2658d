"""Each of the keeper's alerts has a world that fires it and one like it that must not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from portico.config.home import Home
from portico.config.models import Clusters, Settings
from portico.edge import tls
from portico.keeper import certify, judge
from portico.keeper.chores import Chores
from portico.keeper.loop import Loop
from portico.keeper.steps import CollectGarbage
from portico.keeper.wanted import wanted_of
from portico.keeper.world import EdgeSeen, Memory, ReplicaSeen, World
from portico.kit.errors import PorticoError
from portico.model import MIRROR
from portico.watch.alerts.table import ALERTS
from support.stack import until

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NAMES = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", MIRROR: MIRROR}

Found = Callable[[Path], object]


def replicas(**changed: dict) -> dict[str, ReplicaSeen]:
    """All of them up, but for what the test says."""
    up = {"pid": 7, "alive": True, "answered": True}
    return {name: ReplicaSeen(name, of, **{**up, **changed.get(name, {})}) for name, of in NAMES.items()}


EDGE, NOTHING = EdgeSeen(1, alive=True), Memory()


def world(*, edge: EdgeSeen = EDGE, memory: Memory = NOTHING, **changed: dict) -> Found:
    seen = World(1000.0, replicas(**changed), edge)
    return lambda _path: judge.findings(seen, wanted_of(Clusters(), {}), memory)


def chore(error: Exception | None) -> Found:
    def found(_path):
        def act(_step):
            if error:
                raise error

        doing = Chores(act, lambda: None)
        doing.begin(CollectGarbage())
        until(lambda: doing.idle)
        return {finding.key for finding in doing.findings([CollectGarbage()])}

    return found


def step(error: Exception | None) -> Found:
    def found(_path):
        loop = object.__new__(Loop)
        loop._troubles = {}

        def act():
            if error:
                raise error

        loop._try("StartReplica", act)
        return loop._troubles

    return found


def certificate(text: str | None) -> Found:
    """A company's certificate that is no certificate, or the local authority's."""

    def found(path: Path):
        own = path / "own.pem"
        if text is not None:
            own.write_text(text)
        home, settings = Home(path).create(), Settings()
        edge = settings.edge.model_copy(update={"certificate": own if text is not None else None})
        if text is None:
            tls.provide(home, tuple(settings.certified), None, datetime.now(UTC))
        stack = SimpleNamespace(home=home, settings=settings.model_copy(update={"edge": edge}))
        certifier = certify.Certifier(stack, None)
        certifier.look(edge_answers=True)
        return certifier.found

    return found


DEAD = {"alive": False, "answered": False}
HUNG = {"silent_s": 5.0}
OFTEN = Memory(starts={"a1": tuple(950.0 + 5 * number for number in range(6))})
SELDOM = Memory(starts={"a1": (400.0, 600.0, 990.0)})
RESTARTED = Memory(restarts={"a1": 1, "a2": 1})

CASES: dict[str, tuple[Found, Found]] = {
    "edge-down": (world(edge=EdgeSeen(1)), world(edge=EdgeSeen(None))),
    "cluster-down": (world(memory=RESTARTED, a1=DEAD, a2=DEAD), world(memory=RESTARTED, a1=DEAD, b1=DEAD)),
    "everything-fails": (
        world(**dict.fromkeys(NAMES, HUNG)),
        world(**dict.fromkeys(("a1", "a2", "b1", "b2"), HUNG)),
    ),
    "replica-hung": (world(a1=HUNG), world(a1={"silent_s": 0.5})),
    "replica-keeps-dying": (world(memory=OFTEN), world(memory=SELDOM)),
    "body-refused": (world(a1={"refused": ("f" * 64,)}), world()),
    "mirror-behind": (lambda _: judge.mirror_behind(121.0), lambda _: judge.mirror_behind(119.0)),
    "certificate-expiring": (
        lambda _: certify.judge(NOW + timedelta(days=13), NOW),
        lambda _: certify.judge(NOW + timedelta(days=15), NOW),
    ),
    "certificate-wrong": (certificate("no certificate"), certificate(None)),
    "step-failed": (step(PorticoError("no")), step(None)),
    "chore-failed": (chore(PorticoError("no")), chore(None)),
}


def names(found: object) -> set[str]:
    return {str(key).partition(":")[0] for key in found}


def test_every_one_of_them_is_proven():
    assert set(CASES) == {alert.name for alert in ALERTS.values() if alert.source == "keeper"}


@pytest.mark.parametrize("name", CASES)
def test_the_keeper_finds_it(name: str, tmp_path: Path):
    assert name in names(CASES[name][0](tmp_path))


@pytest.mark.parametrize("name", CASES)
def test_the_keeper_does_not_find_it_in_what_is_only_like_it(name: str, tmp_path: Path):
    assert name not in names(CASES[name][1](tmp_path))
