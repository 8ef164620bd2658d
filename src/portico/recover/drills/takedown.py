"""A page is unpublished while visitors read: gone for them at the flip, and no way back brings it again."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from portico.model import MIRROR, Digest
from portico.recover import scene as scenes
from portico.recover import variants
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.plan import Target
from portico.recover.scene import Scene
from portico.recover.variants import Variant
from portico.snapshot import cleanse
from portico.store import read, signing
from portico.store.layout import Store
from portico.watch import probe

KEEP = 10


class Takedown:
    sentence = "unpublish a page, take it down, then try to bring it back"
    bound_s = 60.0
    _with: Variant

    @contextlib.contextmanager
    def staged(self, scene: Scene) -> Iterator[tuple[Target, ...]]:
        """Its pages are no visitors' targets: they are meant to vanish."""
        with variants.published(scene) as (self._with, _):
            yield scenes.targets(scene, scene.pages, through=True)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        notes.strike(f"publish the site without {self._with.pages[0].path}, and take it down")
        ordered = time.monotonic()
        yield from self._done(scene, notes, scene.order("publish", snapshot=scene.snapshot))
        self._check_gone(scene, notes, "after the publish without it")
        notes.measured["gone_for_visitors_ms"] = _ms(ordered)
        copy = _kept_by_a_cluster(scene, self._with.snapshot)
        key, origin = signing.load_private(scene.home.signing_key), Store(scene.home.origin)
        replaced = cleanse.replacements(origin, self._paths, key, live=scene.snapshot, keep=KEEP)
        number = scene.order("takedown", paths=self._paths, replaced=dict(replaced))
        yield from self._done(scene, notes, number)
        notes.measured["gone_everywhere_ms"] = _ms(ordered)
        self._check_stores(scene, notes)
        yield from self._bring_back(scene, notes, copy)
        notes.healed()
        yield from parts.whole(scene)

    @property
    def _paths(self) -> list[str]:
        return [page.path for page in self._with.pages]

    def _bring_back(self, scene: Scene, notes: Notes, copy: tuple[bytes, bytes]) -> Acting:
        """By a rollback to what held it, and by a cluster that was away meanwhile."""
        rollback = scene.order("rollback", snapshot=self._with.snapshot)
        yield from variants.settled(scene, rollback)
        self._check_gone(scene, notes, "after a rollback to the snapshot that held it")
        yield from self._done(scene, notes, scene.order("publish", snapshot=scene.snapshot))
        store = Store(scene.home.store(scene.clusters[-1]))
        store.signature(self._with.snapshot).write_bytes(copy[1])
        store.manifest(self._with.snapshot).write_bytes(copy[0])
        back = time.monotonic()
        while store.manifest(self._with.snapshot).exists():
            yield
        notes.measured["returned_copy_removed_ms"] = _ms(back)
        self._check_gone(scene, notes, "after a cluster came back with it")

    def _done(self, scene: Scene, notes: Notes, number: int) -> Acting:
        yield from variants.settled(scene, number)
        order = scene.ledger.get_order(number)
        if order.state != "done":
            notes.wrong.append(f"{order.kind} failed: {order.result.get('why')}")

    def _check_gone(self, scene: Scene, notes: Notes, when: str) -> None:
        for path in self._paths:
            if (found := probe.fetch(scene.door, path, 5)).status == 200:
                notes.wrong.append(f"{when}, {path} was answered with {found.status}")

    def _check_stores(self, scene: Scene, notes: Notes) -> None:
        key = signing.load_public(scene.home.public_key)
        names = [*scene.clusters, MIRROR]
        for name, root in {
            "origin": scene.home.origin,
            **{one: scene.home.store(one) for one in names},
        }.items():
            reader = read.Reader(Store(root), key)
            for snapshot in reader.store.list_snapshots():
                if any(reader.lookup(snapshot, path) for path in self._paths):
                    notes.wrong.append(f"the store of {name} still holds it, in {snapshot[:12]}")


def _kept_by_a_cluster(scene: Scene, snapshot: Digest) -> tuple[bytes, bytes]:
    store = Store(scene.home.store(scene.clusters[-1]))
    return store.manifest(snapshot).read_bytes(), store.signature(snapshot).read_bytes()


def _ms(since: float) -> float:
    return round((time.monotonic() - since) * 1000, 1)
