"""The freezer's memory of a source, so that freezing again costs what changed. A cache in SQLite.

Every write leaves it true: rows say what the source's items were when they were last read, and a shard that
could have changed is forgotten in the same transaction. A freeze that fails half-way costs nothing but time.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from portico.kit import canonical
from portico.kit.errors import SourceError
from portico.model import Digest
from portico.snapshot import pages, urls
from portico.snapshot.items import Item
from portico.snapshot.links import Broken
from portico.store import manifest

VERSION = 3
"""Raised whenever the tables change, or what `pages.parse` finds."""

_SCHEMA = Path(__file__).with_name("index.sql")
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_ROW = "path, name, digest, size, facts"
_MANY_STEMS = 20
_CACHE = "pragma cache_size = -16384"


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it was read."""

    path: str
    name: str
    digest: Digest
    size: int
    facts: pages.Facts


@dataclass(frozen=True, slots=True)
class Learned:
    """What reading an item told; `links` is None for what is neither page nor style sheet."""

    item: Item
    digest: Digest
    size: int
    facts: pages.Facts
    links: pages.Links | None


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard in the store, and what it adds to the snapshot's totals."""

    digest: Digest
    paths: int
    size: int


def is_damage(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def forget(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Index]:
    """Open the index, made anew where there is none or one of another version."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.execute(_CACHE)
        if _version(db) != VERSION:
            _create(db)
        yield Index(db)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])


def _create(db: sqlite3.Connection) -> None:
    tables = db.execute("select name from sqlite_schema where type = 'table'").fetchall()
    drops = "".join(f'drop table "{name}";' for (name,) in tables)
    db.executescript(f"begin;{drops}{_SCHEMA.read_text()};pragma user_version = {VERSION};commit;")


class Index:
    """One freeze's view of the memory."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._bits = int(self.recall("bits") or 0)

    def see(self, items: Iterable[Item]) -> int:
        """Note all items of the source; returns their number. Raises SourceError for two on one path."""
        self._db.execute("create temp table seen (path text, name text, stamp text, settled integer)")
        rows = ((item.path, item.name, item.stamp, item.settled) for item in items)
        with self._transaction():
            self._db.executemany("insert into seen values (?, ?, ?, ?)", rows)
            self._db.execute("create index temp.seen_by_path on seen (path)")
        self._check_unique()
        return self._number("select count(*) from seen")

    def changed(self) -> tuple[int, Iterator[Item]]:
        """Items that are new or may have changed, and their number. Learning meanwhile doesn't disturb."""
        self._db.execute(
            "create temp table todo as select seen.* from seen left join items using (path)"
            " where items.path is null or items.stamp <> seen.stamp or items.name <> seen.name"
        )
        return self._number("select count(*) from todo"), self._todo()

    def _todo(self) -> Iterator[Item]:
        last, query = 0, "select rowid, path, name, stamp, settled from todo where rowid > ? limit 1000"
        while rows := self._db.execute(query, (last,)).fetchall():
            yield from (_item(values) for _, *values in rows)
            last = rows[-1][0]

    def now_at(self, paths: Sequence[str]) -> Iterator[Item]:
        """The items of some paths as the source shows them now; what wasn't looked at is as it was."""
        seen = "select path, name, stamp, settled from seen where path = ?"
        known = "select path, name, stamp, 1 from items where path = ?"
        for path in paths:
            found = (self._db.execute(query, (path,)).fetchall() for query in (seen, known))
            yield from map(_item, next(filter(None, found), ()))

    def _check_unique(self) -> None:
        twice = self._db.execute(
            "select path, min(name), max(name) from seen group by path having count(*) > 1"
            " order by path limit 1"
        ).fetchone()
        if twice:
            path, first, second = twice
            hint = "remove one of the two"
            raise SourceError(f"{first} and {second} both answer {path}", where=first, hint=hint)

    def learn(self, batch: Sequence[Learned]) -> int:
        """Remember what was read; returns how many answers changed by it."""
        with self._transaction():
            changes = [self._learn_one(learned) for learned in batch]
            if "new" in changes:
                self._db.execute("update pages set checked = 0 where path in (select page from broken)")
        return len(changes) - changes.count("same")

    def unseen(self) -> list[str]:
        """Paths that the source no longer has, when all of it was seen."""
        query = "select items.path from items left join seen using (path) where seen.path is null"
        return [path for (path,) in self._db.execute(query)]

    def forget(self, paths: Iterable[str]) -> int:
        """Drop what the source no longer has; returns how many."""
        gone = [path for path in paths if self.has(path)]
        with self._transaction():
            for path in gone:
                self._db.execute("delete from items where path = ?", (path,))
                self._forget_page(path)
                self._forget_shard(path)
            self._doubt_links_to(gone)
        return len(gone)

    def _doubt_links_to(self, gone: Iterable[str]) -> None:
        """Have the pages that may link there checked again."""
        stems = sorted(filter(self._is_linked, {urls.stem(path) for path in gone}))
        if len(stems) > _MANY_STEMS:
            stems = [""]
        for stem in stems:
            begins = canonical.dumps(stem).decode()[:-1]
            self._db.execute("update pages set checked = 0 where instr(links, ?)", (begins,))

    def _is_linked(self, stem: str) -> bool:
        return self._db.execute("select 1 from linked where stem = ?", (stem,)).fetchone() is not None

    def use(self, rules_id: Digest, bits: int, rewritten: Iterable[str]) -> None:
        """Say what the shards depend on besides the items; those made otherwise are forgotten.

        `rewritten` are paths that answer with another path's body, so their shards are never taken for right.
        """
        rules_differ, cut_differs = self.recall("rules") != rules_id, self._bits != bits
        with self._transaction():
            if rules_differ:
                self._db.execute("update pages set checked = 0")
            if rules_differ or cut_differs:
                self._db.execute("delete from shards")
                self._db.execute("delete from notes")
            self._remember("rules", rules_id)
            self._remember("bits", str(bits))
            self._bits = bits
            for path in rewritten:
                self._forget_shard(path)

    def _learn_one(self, learned: Learned) -> str:
        item, facts = learned.item, _pack(learned.facts)
        known = self._db.execute(
            "select name, digest, size, facts from items where path = ?", (item.path,)
        ).fetchone()
        stamp = item.stamp if item.settled else ""
        values = (item.name, learned.digest, learned.size, facts)
        self._db.execute(
            "insert or replace into items values (?, ?, ?, ?, ?, ?, ?, ?)",
            (item.path, slot_of(item.path), item.name, stamp, *values[1:], urls.is_not_found(item.name)),
        )
        if known == values:
            return "same"
        self._forget_shard(item.path)
        self._learn_links(item.path, learned.links)
        return "changed" if known else "new"

    def _learn_links(self, path: str, links: pages.Links | None) -> None:
        if links is None:
            self._forget_page(path)
            return
        packed = canonical.dumps(asdict(links)).decode()
        known = self._links(path)
        if known != packed:
            self._db.execute("insert or replace into pages values (?, ?, 0)", (path, packed))
            self._count_links(_stems(known), _stems(packed))

    def _links(self, path: str) -> str:
        known = self._db.execute("select links from pages where path = ?", (path,)).fetchone()
        return known[0] if known else ""

    def _count_links(self, before: set[str], after: set[str]) -> None:
        more = "insert into linked values (?, 1) on conflict (stem) do update set pages = pages + 1"
        self._db.executemany(more, [(stem,) for stem in after - before])
        fewer = [(stem,) for stem in before - after]
        self._db.executemany("update linked set pages = pages - 1 where stem = ?", fewer)
        self._db.executemany("delete from linked where stem = ? and pages = 0", fewer)

    def _forget_page(self, path: str) -> None:
        self._count_links(_stems(self._links(path)), set())
        self._db.execute("delete from pages where path = ?", (path,))
        self._db.execute("delete from broken where page = ?", (path,))

    def _forget_shard(self, path: str) -> None:
        number = slot_of(path) >> (manifest.MOST_BITS - self._bits)
        self._db.execute("delete from shards where number = ?", (number,))

    def unchecked(self, most: int) -> list[tuple[str, pages.Links]]:
        rows = self._db.execute("select path, links from pages where not checked limit ?", (most,))
        return [(path, _unpack_links(links)) for path, links in rows]

    def checked(self, batch: Sequence[str], found: Iterable[Broken]) -> None:
        """Note the broken links of some pages, in place of what was known of them."""
        with self._transaction():
            self._db.executemany("delete from broken where page = ?", [(page,) for page in batch])
            rows = [(link.page, link.target, link.why) for link in found]
            self._db.executemany("insert or replace into broken values (?, ?, ?)", rows)
            self._db.executemany("update pages set checked = 1 where path = ?", [(page,) for page in batch])

    def broken(self, most: int) -> tuple[int, list[Broken]]:
        """How many links are broken, and the first of them."""
        rows = self._db.execute("select page, target, why from broken order by page, target limit ?", (most,))
        found = [Broken(*row) for row in rows]
        return self._number("select count(*) from broken"), found

    def rows(self, number: int, bits: int) -> list[Row]:
        """The items of a shard, by path."""
        width = manifest.MOST_BITS - bits
        first, last = number << width, ((number + 1) << width) - 1
        query = f"select {_ROW} from items where slot between ? and ? order by path"  # noqa: S608 - our own column names
        return [_row(values) for values in self._db.execute(query, (first, last))]

    def row(self, path: str) -> Row | None:
        query = f"select {_ROW} from items where path = ?"  # noqa: S608 - our own column names
        values = self._db.execute(query, (path,)).fetchone()
        return _row(values) if values else None

    def count(self) -> int:
        return self._number("select count(*) from items")

    def has(self, path: str) -> bool:
        return self._db.execute("select 1 from items where path = ?", (path,)).fetchone() is not None

    def shards(self) -> dict[int, Shard]:
        rows = self._db.execute("select number, digest, paths, size from shards")
        return {number: Shard(digest, paths, size) for number, digest, paths, size in rows}

    def put_shards(self, made: Sequence[tuple[int, Shard, Sequence[str]]]) -> None:
        """Remember shards that are in the store now, each with what a person should know of it."""
        with self._transaction():
            for number, shard, notes in made:
                values = (number, shard.digest, shard.paths, shard.size)
                self._db.execute("insert or replace into shards values (?, ?, ?, ?)", values)
                self._db.execute("delete from notes where number = ?", (number,))
                self._db.executemany("insert into notes values (?, ?)", [(number, note) for note in notes])

    def notes(self, most: int) -> list[str]:
        rows = self._db.execute("select distinct text from notes order by text limit ?", (most,))
        return [text for (text,) in rows]

    def not_found(self) -> list[str]:
        return [path for (path,) in self._db.execute("select path from items where not_found")]

    def recall(self, key: str) -> str | None:
        found = self._db.execute("select value from meta where key = ?", (key,)).fetchone()
        return found[0] if found else None

    def remember(self, key: str, value: str) -> None:
        with self._transaction():
            self._remember(key, value)

    def _remember(self, key: str, value: str) -> None:
        self._db.execute("insert or replace into meta values (?, ?)", (key, value))

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("begin")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")


def slot_of(path: str) -> int:
    return manifest.shard_index(path, manifest.MOST_BITS)


def _item(values: Sequence[Any]) -> Item:
    path, name, stamp, settled = values
    return Item(path, name, stamp, bool(settled))


def _row(values: tuple[str, str, Digest, int, str]) -> Row:
    path, name, digest, size, facts = values
    return Row(path, name, digest, size, _unpack(facts))


def _pack(facts: pages.Facts) -> str:
    return canonical.dumps(facts.pack()).decode()


@lru_cache(maxsize=1024)
def _unpack(text: str) -> pages.Facts:
    return pages.Facts.unpack(json.loads(text))


def _stems(links: str) -> set[str]:
    """What the links of a page, or of none, begin with."""
    found = _unpack_links(links) if links else pages.Links()
    return {urls.stem(path) for path in (*found.pages, *found.assets)}


def _unpack_links(text: str) -> pages.Links:
    fields = json.loads(text)
    return pages.Links(tuple(fields["pages"]), tuple(fields["assets"]))
