"""Publishing while visitors read: one flip, for all of them at once, and no request lost over it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from portico.recover import scene as scenes
from portico.recover import variants
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.plan import Target
from portico.recover.scene import Scene
from portico.recover.variants import Pair, Variant

ROUNDS = 6


class Publish:
    sentence = f"publish a changed site {ROUNDS} times"
    bound_s = 60.0
    _pair: Pair

    @contextlib.contextmanager
    def staged(self, scene: Scene) -> Iterator[tuple[Target, ...]]:
        with variants.published(scene) as self._pair:
            yield (*scenes.targets(scene, scene.pages, through=True), *variants.targets(self._pair))

    def act(self, scene: Scene, notes: Notes) -> Acting:
        seen: list[float] = []
        flips: list[float] = []
        notes.measured.update(ordered_to_seen_ms=seen, flip_ms=flips)
        notes.strike(f"publish two snapshots in turn, {ROUNDS} times")
        for number in range(ROUNDS):
            yield from self._publish(scene, notes, self._pair[(number + 1) % 2])
        notes.healed()
        yield from parts.whole(scene)

    def _publish(self, scene: Scene, notes: Notes, next_one: Variant) -> Acting:
        ordered, number = time.monotonic(), scene.order("publish", snapshot=next_one.snapshot)
        while not scene.visit(next_one.pages[0]).ok:
            if (order := scene.ledger.get_order(number)).state == "failed":
                notes.wrong.append(f"a publish failed: {order.result.get('why')}")
                return
            yield
        notes.measured["ordered_to_seen_ms"].append(round((time.monotonic() - ordered) * 1000, 1))
        for page in next_one.pages:
            if not (found := scene.visit(page)).ok:
                notes.wrong.append(f"after the flip was seen, {page.path} was {found.what}: {found.why}")
        yield from variants.settled(scene, number)
        order = scene.ledger.get_order(number)
        if order.state != "done":
            notes.wrong.append(f"a publish failed: {order.result.get('why')}")
        flip = order.result.get("steps", {}).get("flip", 0)
        notes.measured["flip_ms"].append(round(flip * 1000, 1))
