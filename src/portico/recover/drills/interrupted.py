"""The process that publishes dies at every step in turn; each publish ends by itself, unnoticed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from portico.kit import process
from portico.recover import scene as scenes
from portico.recover import variants
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.plan import Target
from portico.recover.scene import Scene
from portico.recover.variants import Pair, Variant

INTERRUPT = "drill.interrupt"
"""What the ledger wants: that the keeper kills itself at this step of a publish, once."""


class PublishInterrupted:
    sentence = "publish, and kill -9 the publishing keeper at every step in turn"
    bound_s = 120.0
    _pair: Pair

    @contextlib.contextmanager
    def staged(self, scene: Scene) -> Iterator[tuple[Target, ...]]:
        with variants.published(scene) as self._pair:
            try:
                yield (*scenes.targets(scene, scene.pages, through=True), *variants.targets(self._pair))
            finally:
                scene.ledger.want(INTERRUPT, None)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        steps = _steps_of_the_last_publish(scene)
        seconds: dict[str, float] = {}
        notes.measured["seconds"] = seconds
        notes.strike(f"kill -9 the keeper at each of {', '.join(steps)}")
        for number, step in enumerate(steps):
            began = time.monotonic()
            yield from self._interrupt(scene, notes, step, self._pair[(number + 1) % 2])
            seconds[step] = round(time.monotonic() - began, 3)
        notes.healed()
        yield from parts.whole(scene)

    def _interrupt(self, scene: Scene, notes: Notes, step: str, next_one: Variant) -> Acting:
        while (keeper := process.recall(scene.home.record("keeper"))) is None or not keeper.alive:
            yield
        scene.ledger.want(INTERRUPT, step)
        number = scene.order("publish", snapshot=next_one.snapshot)
        yield from variants.settled(scene, number)
        order = scene.ledger.get_order(number)
        if order.state != "done":
            notes.wrong.append(f"interrupted at {step}, the publish failed: {order.result.get('why')}")
        if keeper.alive:
            notes.wrong.append(f"the keeper was not interrupted at {step}")
        for page in next_one.pages:
            if not (found := scene.visit(page)).ok:
                notes.wrong.append(f"after {step}, {page.path} was {found.what}: {found.why}")


def _steps_of_the_last_publish(scene: Scene) -> tuple[str, ...]:
    """Of the one that staged this drill."""
    events = scene.ledger.events(kind="publish.step", last=50)
    order = events[-1].data["order"]
    return tuple(event.data["step"] for event in events if event.data["order"] == order)
