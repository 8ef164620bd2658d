"""A folder, a store and an index for tests of the freezer."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portico.model import Entry
from portico.snapshot import freeze
from portico.snapshot.folder import Folder
from portico.store import read
from portico.store.layout import Store

HOME = "<!doctype html><title>Home</title><a href=about.html>About</a>"
ABOUT = "<!doctype html><title>About</title><a href=/>Home</a>"


@dataclass
class Stack:
    """`later` lets the folder's files look old enough to be remembered."""

    root: Path
    options: freeze.Options = field(default_factory=freeze.Options)
    key: Ed25519PrivateKey = field(default_factory=lambda: Ed25519PrivateKey.from_private_bytes(b"k" * 32))
    told: list[freeze.Progress] = field(default_factory=list)

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def store(self) -> Store:
        return Store(self.root / "store")

    @property
    def index(self) -> Path:
        return self.root / "freezer.db"

    @property
    def source(self) -> Folder:
        return Folder(self.site, clock=lambda: 2**62)

    @property
    def reader(self) -> read.Reader:
        return read.Reader(self.store, self.key.public_key())

    def write(self, files: Mapping[str, str | bytes]) -> None:
        write(self.site, files)

    def freeze(self, source: Folder | None = None) -> freeze.Frozen:
        return freeze.freeze(
            source or self.source,
            self.store,
            self.index,
            self.key,
            options=self.options,
            progress=self.told.append,
        )

    def entries(self, snapshot: str) -> dict[str, Entry]:
        return dict(self.reader.entries(snapshot))

    def published(self) -> dict[str, Entry]:
        return self.entries(self.freeze().id)

    def strict(self) -> Stack:
        return dataclasses.replace(self, options=freeze.Options(strict=True))


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def clear(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def fingerprint(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below, with what a touch of it would change."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            status = (Path(parent) / name).stat()
            found[str(Path(parent) / name)] = (status.st_mtime_ns, status.st_ino)
    return found
