"""Crash-only: any process may die at any moment of a publish, and nobody notices."""

from __future__ import annotations

import contextlib
import random
import signal
import time
from pathlib import Path

import pytest

from portico.config import load as configs
from portico.kit import process
from portico.kit.process import Process
from portico.recover import load, variants
from portico.recover import scene as scenes
from portico.recover.drills import parts
from portico.recover.plan import Plan
from portico.recover.played import Failure
from portico.recover.scene import Scene
from support.stack import Stack, running_stack, until

ROUNDS = 24
LONGEST_PUBLISH_S = 0.8


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for number in range(50):
        name = "index" if number == 0 else f"page-{number}"
        (folder / f"{name}.html").write_text(f"<!doctype html><title>{name}</title><p>" + f"{name} " * 300)
    with running_stack(folder, tmp_path_factory.mktemp("moments"), "[keeper]\nsoak_s = 1") as running:
        yield running


def a_process(scene: Scene, dice: random.Random) -> tuple[str, Process]:
    part = dice.choice(["edge", "worker", "keeper", "guard", "mirror", *scene.replicas()])
    if part == "worker":
        return part, process.children(scene.process("edge"))[0]
    return part, until(lambda: _running(scene, part))


def _running(scene: Scene, part: str) -> Process | None:
    known = process.recall(scene.home.record(part))
    return known if known and known.alive else None


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2])
def test_any_process_may_die_at_any_moment_of_a_publish(stack: Stack, seed: int):
    dice = random.Random(seed)
    config = configs.load(stack.settings, stack.home.root, cwd=Path.cwd())
    killed = []
    with contextlib.closing(scenes.of(config)) as scene, variants.published(scene) as pair:
        targets = (*scenes.targets(scene, scene.pages, through=True), *variants.targets(pair))
        plan = Plan(scene.door.address, targets, 50, 800, trusted=str(scene.door.trusted), at=scene.door.at)
        with load.laid(plan) as playing:
            playing.wait_steady(1, 20)
            for number in range(ROUNDS):
                part, victim = a_process(scene, dice)
                order = scene.order("publish", snapshot=pair[(number + 1) % 2].snapshot)
                time.sleep(dice.random() * LONGEST_PUBLISH_S)
                process.kill(victim, signal.SIGKILL)
                killed.append(part)
                until(lambda order=order: scene.ledger.get_order(order).state == "done", 60, f"{killed}")
                _until_whole(scene)
                assert scene.visit(pair[(number + 1) % 2].pages[0]).ok, killed
            played = playing.stop()
    cut = [fault for fault in played.faults if fault.failure in {Failure.RESET, Failure.SHORT}]
    failed = [str(fault) for fault in played.faults if fault not in cut]
    assert not failed, (killed, failed)
    assert len(cut) <= killed.count("edge") + killed.count("worker"), (killed, cut)


def _until_whole(scene: Scene) -> None:
    waiting = parts.whole(scene)
    until(lambda: next(waiting, True), 60, "whole")
