"""What the studio froze, as a source: its items lie in one SQLite file, their bodies beside it."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from portico.config import models
from portico.config.home import Home
from portico.kit.errors import SourceError
from portico.snapshot import headers, redirects
from portico.snapshot.items import Changes, Item, Rules

FROZEN = "frozen"
DATABASE = "frozen.db"
_HINT = "portico logs studio"
_IN = "-"
_ROW = "path, name, digest, file"
_TOUCHED = f"select {_ROW} from touched left join items using (path) where step > ?"  # noqa: S608 - our own column names

T = TypeVar("T")


def exists(home: Home) -> bool:
    """Whether anything was ever frozen."""
    return (home.studio / FROZEN / DATABASE).exists()


def from_settings(_settings: models.Source, home: Home) -> Frozen:
    return Frozen(home.studio)


_Row = tuple[str, str, str, str]
"""Path, name, digest, and the file where the bytes lie elsewhere."""


@dataclass(frozen=True)
class _Seen:
    """One revision, read in one transaction: all of its items, or the changes since a mark."""

    meta: dict[str, str]
    mark: str
    rows: list[_Row]
    changes: Changes | None

    @cached_property
    def files(self) -> dict[str, str]:
        return {path: file for path, _, _, file in self.rows}


class Frozen:
    """The newest revision that was frozen in the studio's folder; one and the same for all that is asked."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / FROZEN
        self._read: _Seen | None = None

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

    def changes(self, mark: str) -> Changes | None:
        if self._read is None:
            self._read = self._look(mark)
        return self._read.changes

    def mark(self) -> str:
        return self._seen.mark

    def items(self) -> Iterator[Item]:
        seen = self._seen if self._seen.changes is None else self._look("")
        return map(_item, seen.rows)

    @contextmanager
    def open(self, item: Item) -> Iterator[BinaryIO]:
        """The item's bytes, held against their hash."""
        place = self._place(item)
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

    def _place(self, item: Item) -> Path:
        elsewhere = self._seen.files.get(item.path)
        if elsewhere is None:
            elsewhere = self._ask(lambda db: _file(db, item.path))
        return self._data / elsewhere if elsewhere else self._folder / "bodies" / item.stamp[:2] / item.stamp

    @property
    def _seen(self) -> _Seen:
        if self._read is None:
            self._read = self._look("")
        return self._read

    def _look(self, mark: str) -> _Seen:
        return self._ask(lambda db: _read(db, mark))

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        file = self._folder / DATABASE
        if not file.exists():
            raise SourceError("nothing was frozen yet", where=self.label, hint=_HINT, temporary=True)
        try:
            with contextlib.closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as db:
                db.execute("pragma query_only = on")
                db.execute("begin")
                return question(db)
        except sqlite3.Error as error:
            raise SourceError(
                f"what it froze can't be read: {error}", where=self.label, hint=_HINT
            ) from error


def _read(db: sqlite3.Connection, mark: str) -> _Seen:
    meta, now = dict(db.execute("select key, value from meta").fetchall()), _mark(db)
    if not mark or not _is_known(db, mark):
        rows = db.execute(f"select {_ROW} from items").fetchall()  # noqa: S608 - our own column names
        return _Seen(meta, now, rows, None)
    step = mark.partition(_IN)[0]
    touched = db.execute(_TOUCHED, (step,)).fetchall()
    rows = [row for row in touched if row[1] is not None]
    gone = tuple(path for path, name, *_ in touched if name is None)
    return _Seen(meta, now, rows, Changes(tuple(map(_item, rows)), gone))


def _mark(db: sqlite3.Connection) -> str:
    """None before the studio wrote steps down."""
    if db.execute("select 1 from sqlite_schema where name = 'steps'").fetchone() is None:
        return ""
    step = db.execute("select id, mark from steps order by id desc limit 1").fetchone()
    return f"{step[0]}{_IN}{step[1]}" if step else ""


def _is_known(db: sqlite3.Connection, mark: str) -> bool:
    if not _mark(db):
        return False
    step, _, its = mark.partition(_IN)
    return db.execute("select 1 from steps where id = ? and mark = ?", (step, its)).fetchone() is not None


def _file(db: sqlite3.Connection, path: str) -> str:
    found = db.execute("select file from items where path = ?", (path,)).fetchone()
    return found[0] if found else ""


def _item(row: _Row) -> Item:
    return Item(*row[:3])


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
