"""A byte of a page rots in one cluster's store: refused, reported, repaired, and never shown."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portico.kit import files
from portico.kit.errors import IntegrityError
from portico.model import ENCODINGS
from portico.recover import scene as scenes
from portico.recover.drills import parts
from portico.recover.notes import Acting, Notes
from portico.recover.plan import Target
from portico.recover.scene import Page, Scene
from portico.store import read
from portico.store.layout import Store
from portico.watch import probe
from portico.watch.answer import What


class FlippedByte:
    sentence = "flip a byte in each file of a page's body in one cluster's store"
    bound_s = 15.0

    @contextlib.contextmanager
    def staged(self, scene: Scene) -> Iterator[tuple[Target, ...]]:
        """The page that will be struck is left out, so that the edge's cache doesn't hide it."""
        yield scenes.targets(scene, scene.pages[:-1] or scene.pages, through=True)

    def act(self, scene: Scene, notes: Notes) -> Acting:
        page, cluster = scene.pages[-1], scene.clusters[0]
        store, before = Store(scene.home.store(cluster)), scene.last_event()
        rotten = [Rot.of(path) for path in held(store, page)]
        notes.strike(f"flip a byte of {page.path} in the store of cluster {cluster}")
        try:
            for one in rotten:
                one.spread()
            yield from self._repaired(scene, notes, page, cluster)
        finally:
            for one in rotten:
                one.cure()
        kinds = [event.kind for event in scene.ledger.events(after=before) if _tells_of(event.data, page)]
        notes.measured["events"] = kinds
        if "body.repaired" not in kinds:
            notes.wrong.append("the repair was not recorded")

    def _repaired(self, scene: Scene, notes: Notes, page: Page, cluster: str) -> Acting:
        """Ask that cluster and as a visitor, until the cluster has the right bytes again."""
        store, refused = Store(scene.home.store(cluster)), 0
        while True:
            seen = probe.seen_in(scene.home, cluster, scene.snapshot, page.path, page.digest)
            visitor = scene.visit(page)
            refused += seen.what is What.ERROR
            for where, found in ((f"cluster {cluster}", seen), ("a visitor", visitor)):
                if found.what is What.WRONG or (where == "a visitor" and not found.ok):
                    notes.wrong.append(f"{where} was given {found.what}: {found.why}")
            if seen.ok and _is_right(store, page):
                break
            yield
        notes.measured["refused"] = refused
        if not refused:
            notes.wrong.append("the rotten copy was not refused")
        notes.healed()
        yield from parts.whole(scene)


@dataclass(frozen=True, slots=True)
class Rot:
    """A file, and what it held before one of its bytes was flipped."""

    path: Path
    healthy: bytes
    mode: int

    @classmethod
    def of(cls, path: Path) -> Rot:
        return cls(path, path.read_bytes(), path.stat().st_mode & 0o777)

    def spread(self) -> None:
        """In place, as a disk does it; the file is for reading only, as stores keep theirs."""
        middle = len(self.healthy) // 2
        self.path.chmod(0o644)
        with self.path.open("r+b") as file:
            file.seek(middle)
            file.write(bytes([self.healthy[middle] ^ 1]))
        self.path.chmod(self.mode)

    def cure(self) -> None:
        """Put the healthy bytes back, unless somebody did."""
        if not self.path.exists() or self.path.read_bytes() != self.healthy:
            files.write_whole(self.path, self.healthy, mode=self.mode)


def held(store: Store, page: Page) -> list[Path]:
    every = (store.body(page.digest, encoding) for encoding in ("", *ENCODINGS))
    return [path for path in every if path.exists()]


def _is_right(store: Store, page: Page) -> bool:
    try:
        size = store.body(page.digest).stat().st_size
        for encoding in ("", *ENCODINGS):
            if store.body(page.digest, encoding).exists():
                read.verify_file(store, page.digest, encoding, size)
    except (IntegrityError, OSError):
        return False
    return True


def _tells_of(data: object, page: Page) -> bool:
    return page.digest[:12] in str(data)
