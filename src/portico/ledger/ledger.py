"""The one shared memory: what is wanted, what people ordered, what was found, what happened.

One SQLite file in WAL mode, so that the CLI reads while the keeper writes. Every write is one transaction,
and what it means is recorded in the same transaction as an event.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from portico.kit.errors import MissingError, UnavailableError
from portico.ledger import chain
from portico.model import Event, Finding, Order, Severity


class Ledger:
    """Opened by every process for itself; usable from several threads."""

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._mutex = threading.RLock()
        try:
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            _migrate(self._db)
            self._db.executescript(resources.files(__package__).joinpath("schema.sql").read_text())
        except sqlite3.Error as error:
            raise UnavailableError(f"the ledger can't be opened: {error}", where=str(path)) from error

    @classmethod
    def existing(cls, path: Path) -> Ledger:
        """Open a ledger that must be there. Raises UnavailableError."""
        if not path.exists():
            raise UnavailableError("nothing was ever started here", where=str(path.parent), hint="portico up")
        return cls(path)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Several writes as one, seen by others together or not at all."""
        with self._mutex:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        """Unless the database did it already, as on a full disk."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    # what happened

    def record(self, kind: str, subject: str = "", /, **data: Any) -> Event:
        """Append an event to the chain; `data` must be JSON values."""
        with self.writing():
            row = self._one("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
            seq, before = (row[0] + 1, row[1]) if row else (1, chain.GENESIS)
            at = round(self._now(), 6)
            data = json.loads(json.dumps(data))
            event = Event(seq, at, kind, subject, data, chain.link(before, seq, at, kind, subject, data))
            self._db.execute(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)",
                (seq, at, kind, subject, json.dumps(data, ensure_ascii=False), event.hash),
            )
        return event

    def events(
        self, *, after: int = 0, kind: str | None = None, last: int | None = None, first: int | None = None
    ) -> list[Event]:
        """Events in order, those with a sequence number above `after`; `last` keeps the newest so many.

        `first` keeps the oldest so many, for whoever follows the ledger in portions.
        """
        of_kind = "" if kind is None else "AND kind = ?"  # told to SQLite, which then goes by the index
        order, most = ("ASC", first) if first is not None else ("DESC", last)
        rows = self.ask(
            "SELECT * FROM (SELECT seq, at, kind, subject, data, hash FROM events"  # noqa: S608 - only our own words
            f" WHERE seq > ? {of_kind} ORDER BY seq {order} LIMIT ?) ORDER BY seq",
            (after, *([] if kind is None else [kind]), -1 if most is None else most),
        )
        return [Event(seq, at, k, subject, json.loads(data), h) for seq, at, k, subject, data, h in rows]

    def last_of(self, kinds: Sequence[str]) -> Event | None:
        """The newest event of any of these kinds."""
        found = [event for kind in kinds for event in self.events(kind=kind, last=1)]
        return max(found, key=lambda event: event.seq, default=None)

    def verify(self) -> chain.Verification:
        return chain.verify(self.events())

    # what is wanted

    def want(self, key: str, value: Any) -> None:
        with self.writing():
            self._db.execute("REPLACE INTO wanted VALUES (?, ?, ?)", (key, json.dumps(value), self._now()))

    def wanted(self) -> dict[str, Any]:
        return {key: json.loads(value) for key, value in self.ask("SELECT key, value FROM wanted")}

    # what the keeper saw last; replaced, not kept

    def see(self, key: str, value: Any) -> None:
        with self.writing():
            self._db.execute("REPLACE INTO seen VALUES (?, ?, ?)", (key, json.dumps(value), self._now()))

    def seen(self, key: str) -> tuple[Any, float] | None:
        """The value and when it was seen, seconds since the epoch."""
        row = self._one("SELECT value, at FROM seen WHERE key = ?", (key,))
        return (json.loads(row[0]), row[1]) if row else None

    # what people asked for

    def order(self, kind: str, args: Mapping[str, Any], *, by: str) -> int:
        with self.writing():
            cursor = self._db.execute(
                "INSERT INTO orders (at, kind, args, by) VALUES (?, ?, ?, ?)",
                (self._now(), kind, json.dumps(dict(args)), by),
            )
            number = int(cursor.lastrowid or 0)
            self.record("order.given", kind, order=number, args=dict(args), by=by)
        return number

    def open_orders(self) -> list[Order]:
        """Orders that are waiting or taken, the oldest first."""
        rows = self.ask(f"{_ORDER} WHERE state IN ('waiting', 'taken') ORDER BY id")
        return [_order(row) for row in rows]

    def get_order(self, number: int) -> Order:
        row = self._one(f"{_ORDER} WHERE id = ?", (number,))
        if row is None:
            raise MissingError(f"there is no order {number}")
        return _order(row)

    def take(self, order: Order) -> bool:
        """Compare and set: whether this caller is the one that took it."""
        with self.writing():
            cursor = self._db.execute(
                "UPDATE orders SET state = 'taken' WHERE id = ? AND state = 'waiting'", (order.id,)
            )
            if cursor.rowcount:
                self.record("order.taken", order.kind, order=order.id)
        return cursor.rowcount == 1

    def progress(self, order_id: int) -> dict[str, Any]:
        row = self._one("SELECT progress FROM orders WHERE id = ?", (order_id,))
        return dict(json.loads(row[0])) if row else {}

    def advance(self, order_id: int, progress: Mapping[str, Any]) -> None:
        """Remember how far an order's procedure came, for whoever goes on with it after a crash."""
        with self.writing():
            self._db.execute(
                "UPDATE orders SET progress = ? WHERE id = ?", (json.dumps(dict(progress)), order_id)
            )

    def settle(self, order: Order, state: str, **result: Any) -> None:
        """End an order as `done` or `failed`, with what there is to say about it."""
        with self.writing():
            self._db.execute(
                "UPDATE orders SET state = ?, result = ? WHERE id = ?", (state, json.dumps(result), order.id)
            )
            self.record(f"order.{state}", order.kind, order=order.id, **result)

    # what is off

    def findings(self) -> list[tuple[Finding, float]]:
        """Open findings with the time since when, the oldest first."""
        rows = self.ask("SELECT key, severity, sentence, data, since FROM findings ORDER BY since, key")
        return [
            (Finding(key, Severity(severity), sentence, json.loads(data)), since)
            for key, severity, sentence, data, since in rows
        ]

    def reconcile_findings(self, found: Mapping[str, Finding], *, source: str = "keeper") -> None:
        """Open what is new, settle what is over, each with an event; an unchanged finding writes nothing.

        Each finder (the keeper, the watcher) says all of its own by `source`, and leaves the others' alone.
        """
        known = {finding.key: finding for finding in self._findings_of(source)}
        gone = known.keys() - found.keys()
        new = [
            finding
            for finding in found.values()
            if finding.key not in known or known[finding.key].severity != finding.severity
        ]
        if not new and not gone:
            return
        with self.writing():
            for finding in new:
                self._open_finding(finding, source, "changed" if finding.key in known else "open")
            for key in gone:
                self._db.execute("DELETE FROM findings WHERE key = ? AND source = ?", (key, source))
                self.record("finding.over", key, sentence=known[key].sentence)

    def _findings_of(self, source: str) -> list[Finding]:
        rows = self.ask("SELECT key, severity, sentence FROM findings WHERE source = ?", (source,))
        return [Finding(key, Severity(severity), sentence) for key, severity, sentence in rows]

    def _open_finding(self, finding: Finding, source: str, what: str) -> None:
        data = dict(finding.data)
        self._db.execute(
            "INSERT INTO findings (key, severity, sentence, since, source, data) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET severity = excluded.severity, sentence = excluded.sentence",
            (finding.key, finding.severity, finding.sentence, self._now(), source, json.dumps(data)),
        )
        told = {"severity": finding.severity, "sentence": finding.sentence}
        self.record(f"finding.{what}", finding.key, **told, **({"where": data} if data else {}))

    # for the modules of this package, each with a table of its own

    def ask(self, sql: str, args: tuple[Any, ...] = ()) -> list[Any]:
        """The rows of a query. Raises PorticoError for a number beyond any that is kept."""
        with self._mutex, _within():
            return self._db.execute(sql, args).fetchall()

    def put(self, sql: str, args: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """Carry out a statement that writes, inside `writing()` together with the event that tells of it."""
        with self.writing():
            return self._db.execute(sql, args)

    @property
    def now(self) -> float:
        """The time by this ledger's clock, seconds since the epoch."""
        return self._now()

    def _one(self, sql: str, args: tuple[Any, ...] = ()) -> Any:
        with self._mutex, _within():
            return self._db.execute(sql, args).fetchone()


_ORDER = "SELECT id, at, kind, args, by, state, result FROM orders"


def _order(row: tuple[Any, ...]) -> Order:
    number, at, kind, args, by, state, result = row
    return Order(number, at, kind, json.loads(args), by, state, json.loads(result))


@contextmanager
def _within() -> Iterator[None]:
    """SQLite's whole numbers end at 2 to the 63."""
    try:
        yield
    except OverflowError as error:
        raise MissingError("there is no such number, it is too large") from error


def _migrate(db: sqlite3.Connection) -> None:
    """Add to a ledger of an older Portico the columns that came since; tables are made by the schema."""
    columns = {name for _, name, *_ in db.execute("PRAGMA table_info(findings)")}
    if columns and "source" not in columns:
        db.execute("ALTER TABLE findings ADD COLUMN source TEXT NOT NULL DEFAULT 'keeper'")
        db.execute("ALTER TABLE findings ADD COLUMN data TEXT NOT NULL DEFAULT '{}'")
    columns = {name for _, name, *_ in db.execute("PRAGMA table_info(bulletins)")}
    if columns and "language" not in columns:
        db.execute("ALTER TABLE bulletins ADD COLUMN language TEXT NOT NULL DEFAULT 'en'")
        db.execute("ALTER TABLE bulletins ADD COLUMN titles TEXT NOT NULL DEFAULT '{}'")
        db.execute("ALTER TABLE bulletin_updates ADD COLUMN texts TEXT NOT NULL DEFAULT '{}'")
