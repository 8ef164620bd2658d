"""What the studio froze, as a source: its items lie in one SQLite file, their bodies beside it."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

from portico.config import models
from portico.config.home import Home
from portico.kit.errors import SourceError
from portico.snapshot import headers, redirects
from portico.snapshot.items import Item, Rules

FROZEN = "frozen"
DATABASE = "frozen.db"
_HINT = "portico logs studio"


def exists(home: Home) -> bool:
    """Whether anything was ever frozen."""
    return (home.studio / FROZEN / DATABASE).exists()


def from_settings(_settings: models.Source, home: Home) -> Frozen:
    return Frozen(home.studio)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One revision, read in one transaction. `files` are the items whose bytes lie elsewhere."""

    meta: dict[str, str]
    rows: list[tuple[str, str, str]]
    files: dict[str, str]


class Frozen:
    """The newest revision that was frozen in the studio's folder; one and the same for all that is asked."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / FROZEN

    @property
    def label(self) -> str:
        return "the studio"

    @property
    def revision(self) -> int:
        return int(self._seen.meta.get("revision", 0))

    def rules(self) -> Rules:
        meta = self._seen.meta
        return Rules(
            headers=headers.parse(meta.get("headers", ""), "_headers"),
            redirects=redirects.parse(meta.get("redirects", ""), "_redirects"),
        )

    def items(self) -> Iterator[Item]:
        return (Item(path, name, digest) for path, name, digest in self._seen.rows)

    @contextmanager
    def open(self, item: Item) -> Iterator[BinaryIO]:
        """The item's bytes, held against their hash."""
        elsewhere = self._seen.files.get(item.path)
        place = self._data / elsewhere if elsewhere else self._body(item.stamp)
        try:
            with place.open("rb") as file:
                checked = _Checked(file)
                yield cast("BinaryIO", checked)
        except FileNotFoundError as error:
            raise SourceError("its bytes are gone", where=item.name, hint=_HINT, temporary=True) from error
        if checked.digest != item.stamp:
            raise SourceError(
                "its bytes are not those that the studio froze", where=item.name, hint=_HINT, temporary=True
            )

    def _body(self, digest: str) -> Path:
        return self._folder / "bodies" / digest[:2] / digest

    @cached_property
    def _seen(self) -> _Seen:
        file = self._folder / DATABASE
        if not file.exists():
            raise SourceError("nothing was frozen yet", where=self.label, hint=_HINT, temporary=True)
        try:
            with contextlib.closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as db:
                return _read(db)
        except sqlite3.Error as error:
            raise SourceError(
                f"what it froze can't be read: {error}", where=self.label, hint=_HINT
            ) from error


def _read(db: sqlite3.Connection) -> _Seen:
    db.execute("pragma query_only = on")
    db.execute("begin")
    return _Seen(
        meta=dict(db.execute("select key, value from meta").fetchall()),
        rows=db.execute("select path, name, digest from items").fetchall(),
        files=dict(db.execute("select path, file from items where file <> ''").fetchall()),
    )


class _Checked:
    """Reads on, and hashes what it reads."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        return data

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()
