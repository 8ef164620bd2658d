"""Who is mailed what the status page says, and each mail that is owed to them; for its owner alone.

The relay writes it, from what came by the page's forms; a mail is a row before it is sent, so nothing is
forgotten and nothing is said twice.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portico.kit.errors import UnavailableError

CONFIRM, WELCOME, UPDATE = "confirm", "welcome", "update"
PENDING_S = 7 * 86400.0
"""An address that nobody confirmed is forgotten after so long."""

AGAIN_S = 86400.0
"""So long nobody can have another mail to confirm sent to the same address."""

MOST_ASKED, ASKED_S = 200, 3600.0
"""So many addresses at most are asked in so many seconds: the page is no way to send mail to strangers.

The others wait for their turn.
"""

MOST_QUEUED = round(PENDING_S / ASKED_S * MOST_ASKED)
"""Whose turn comes later than that would be forgotten before it: so many wait at most."""

GIVE_UP_S = 86400.0
KEEP_S = 30 * 86400.0
"""For so long a mail that was sent is remembered."""

_FIRST_S, _LONGEST_S = 30.0, 3600.0
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_CODE = 16

_SCHEMA = """
CREATE TABLE IF NOT EXISTS subscribers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL UNIQUE COLLATE NOCASE, asked REAL NOT NULL,
    confirmed REAL, confirm_code TEXT NOT NULL UNIQUE, leave_code TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL DEFAULT 'en'
) STRICT;
CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, about INTEGER NOT NULL, at REAL NOT NULL, next_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0, why TEXT NOT NULL DEFAULT '', UNIQUE (subscriber, kind, about)
) STRICT;
CREATE INDEX IF NOT EXISTS letters_waiting ON letters (next_at) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS told (about INTEGER PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS asked (at REAL NOT NULL) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is owed. `about` is the update's number, or when an address was asked, to the second."""

    id: int
    kind: str
    about: int
    at: float
    attempts: int
    address: str
    confirm_code: str
    leave_code: str
    language: str = "en"


class Subscribers:
    """Usable from several threads. Times in seconds since the epoch are told, never asked."""

    def __init__(self, path: Path) -> None:
        self._mutex = threading.RLock()
        self._erased = True
        self.turned_away = 0
        if not path.exists():
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.executescript(_SCHEMA)
            _migrate(self._db)
        except sqlite3.Error as error:
            raise UnavailableError(f"the subscribers can't be read: {error}", where=str(path)) from error

    def close(self) -> None:
        self._db.close()

    def subscribe(self, address: str, now: float, language: str = "en") -> bool:
        """Owe an address the question whether it is meant; False when it was just asked, is known, or too
        many wait.
        """
        with self._writing():
            known = self._one("SELECT id, asked, confirmed FROM subscribers WHERE address = ?", address)
            if known and (known[2] is not None or now - known[1] < AGAIN_S):
                return False
            if known and self._waits(known[0]):
                return False
            if self._questions(now) >= MOST_QUEUED:
                self.turned_away += 1
                return False
            if known:
                told = "UPDATE subscribers SET asked = ?, language = ? WHERE id = ?"
                self._put(told, now, language, known[0])
                number = known[0]
            else:
                number = self._put(
                    "INSERT INTO subscribers (address, asked, confirm_code, leave_code, language)"
                    " VALUES (?, ?, ?, ?, ?)",
                    *(address, now, _code(), _code(), language),
                ).lastrowid
            self._owe(number, CONFIRM, int(now), now)
        return True

    def confirm(self, code: str, now: float) -> bool:
        """Whether the code was somebody's who is to be told from now on."""
        with self._writing():
            sql = "UPDATE subscribers SET confirmed = ? WHERE confirm_code = ? AND confirmed IS NULL"
            if not self._put(sql, now, _plain(code)).rowcount:
                return False
            [number] = self._one("SELECT id FROM subscribers WHERE confirm_code = ?", _plain(code))
            self._owe(number, WELCOME, 0, now)
        return True

    def leave(self, code: str) -> bool:
        """Erase whose code it is, with every mail that was owed to them."""
        with self._writing():
            return self._erase("WHERE leave_code = ?", _plain(code)) > 0

    def announce(self, about: int, said_at: float, now: float) -> int:
        """Owe an update to all who had confirmed when it was said; once, however often this is called.

        What was said a day ago, as while mail was switched off, is no news to anybody.
        """
        with self._writing():
            is_new = self._put("INSERT OR IGNORE INTO told VALUES (?)", about).rowcount > 0
            if not is_new or now - said_at > GIVE_UP_S:
                return 0
            found = self._all(
                "SELECT id FROM subscribers WHERE confirmed IS NOT NULL AND confirmed <= ?", said_at
            )
            for (number,) in found:
                self._owe(number, UPDATE, about, now)
        return len(found)

    def told(self) -> frozenset[int]:
        return frozenset(about for (about,) in self._all("SELECT about FROM told"))

    def due(self, now: float, most: int) -> list[Letter]:
        """Of those to confirm only as many as may be asked by now."""
        rows = self._all(
            "WITH ripe AS (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY next_at, id) AS place"
            " FROM letters WHERE state = 'waiting' AND next_at <= ?)"
            " SELECT l.id, l.kind, l.about, l.at, l.attempts, s.address, s.confirm_code, s.leave_code,"
            " s.language"
            " FROM ripe l JOIN subscribers s ON s.id = l.subscriber"
            " WHERE l.kind <> ? OR l.place <= ? ORDER BY l.next_at, l.id LIMIT ?",
            *(now, CONFIRM, self._room(now), most),
        )
        return [Letter(*row) for row in rows]

    def sent(self, letter: Letter, now: float) -> None:
        with self._writing():
            self._put("UPDATE letters SET state = 'sent', why = '' WHERE id = ?", letter.id)
            self._asked(letter, now)

    def refused(self, letter: Letter, why: str, now: float) -> None:
        """Give up at once. An address to be confirmed is forgotten, but not that one was asked."""
        with self._writing():
            self._put("UPDATE letters SET state = 'failed', why = ? WHERE id = ?", why, letter.id)
            self._asked(letter, now)
            if letter.kind == CONFIRM:
                self._erase("WHERE confirmed IS NULL AND confirm_code = ?", letter.confirm_code)

    def failed(self, letter: Letter, why: str, now: float) -> None:
        """Try again, less and less often, until a day is over since the first try."""
        pause = min(_LONGEST_S, _FIRST_S * 2.0**letter.attempts)
        at = letter.at if letter.attempts else now
        state = "waiting" if now + pause - at < GIVE_UP_S else "failed"
        with self._writing():
            self._put(
                "UPDATE letters SET state = ?, why = ?, at = ?, attempts = attempts + 1, next_at = ?"
                " WHERE id = ?",
                *(state, why, at, now + pause, letter.id),
            )

    def forget(self, now: float) -> None:
        """Whom nobody confirmed, mails that were sent long ago, and those that nobody tried for a day."""
        with self._writing():
            self._erase("WHERE confirmed IS NULL AND asked < ?", now - PENDING_S)
            self._put(
                "UPDATE letters SET state = 'failed', why = 'too late'"
                " WHERE state = 'waiting' AND kind <> ? AND next_at < ?",
                *(CONFIRM, now - GIVE_UP_S),
            )
            self._put("DELETE FROM letters WHERE state <> 'waiting' AND at < ?", now - KEEP_S)
            self._put("DELETE FROM asked WHERE at < ?", now - ASKED_S)

    def scrub(self) -> None:
        """Leave nothing of who was erased on the disk: it stands in SQLite's log until that is gone.

        While somebody reads, the log stays: then it is for the next call.
        """
        with self._mutex:
            if self._erased:
                self._erased = bool(self._one("PRAGMA wal_checkpoint(TRUNCATE)")[0])

    def counts(self, now: float) -> dict[str, int]:
        """Confirmed and pending subscribers; mails waiting, failed, and those that wait for their turn."""
        confirmed, pending = self._one(
            "SELECT count(confirmed), count(*) - count(confirmed) FROM subscribers"
        )
        waiting, failed = self._one(
            "SELECT coalesce(sum(state = 'waiting'), 0), coalesce(sum(state = 'failed'), 0) FROM letters"
        )
        queued = max(0, self._questions(now) - self._room(now))
        told = {"waiting": waiting - queued, "failed": failed, "queued": queued}
        return {"confirmed": confirmed, "pending": pending, **told, "turned_away": self.turned_away}

    def export(self, address: str) -> list[dict[str, Any]]:
        """What is kept of a person."""
        rows = self._all(
            "SELECT address, asked, confirmed FROM subscribers WHERE address = ?", address.strip()
        )
        return [{"address": row[0], "asked": row[1], "confirmed": row[2]} for row in rows]

    def erase(self, address: str) -> int:
        with self._writing():
            found = self._erase("WHERE address = ?", address.strip())
        self.scrub()
        return found

    def _erase(self, where: str, *args: Any) -> int:
        found = self._put(f"DELETE FROM subscribers {where}", *args).rowcount  # noqa: S608 - only our own words
        self._erased = self._erased or found > 0
        return found

    def _asked(self, letter: Letter, now: float) -> None:
        """From now on the address has its seven days; and the hour has one more."""
        if letter.kind == CONFIRM:
            self._put("INSERT INTO asked VALUES (?)", now)
            self._put("UPDATE subscribers SET asked = ? WHERE confirm_code = ?", now, letter.confirm_code)

    def _waits(self, subscriber: int) -> bool:
        sql = "SELECT 1 FROM letters WHERE subscriber = ? AND kind = ? AND state = 'waiting'"
        return bool(self._all(sql, subscriber, CONFIRM))

    def _room(self, now: float) -> int:
        [asked] = self._one("SELECT count(*) FROM asked WHERE at > ?", now - ASKED_S)
        return max(0, MOST_ASKED - int(asked))

    def _questions(self, now: float) -> int:
        """How many addresses could be asked now, were there room."""
        sql = "SELECT count(*) FROM letters WHERE state = 'waiting' AND next_at <= ? AND kind = ?"
        [found] = self._one(sql, now, CONFIRM)
        return int(found)

    def _owe(self, subscriber: int | None, kind: str, about: int, now: float) -> None:
        self._put(
            "INSERT OR IGNORE INTO letters (subscriber, kind, about, at, next_at) VALUES (?, ?, ?, ?, ?)",
            *(subscriber, kind, about, now, now),
        )

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with self._mutex:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _put(self, sql: str, *args: Any) -> sqlite3.Cursor:
        return self._db.execute(sql, args)

    def _all(self, sql: str, *args: Any) -> list[Any]:
        with self._mutex:
            return self._db.execute(sql, args).fetchall()

    def _one(self, sql: str, *args: Any) -> Any:
        with self._mutex:
            return self._db.execute(sql, args).fetchone()


def _migrate(db: sqlite3.Connection) -> None:
    """Add to a file of an older Portico the column that came since."""
    if "language" not in {name for _, name, *_ in db.execute("PRAGMA table_info(subscribers)")}:
        db.execute("ALTER TABLE subscribers ADD COLUMN language TEXT NOT NULL DEFAULT 'en'")


def shown(code: str) -> str:
    """In fours, for a person to type."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter in _LETTERS)


def _code() -> str:
    """80 bits: nobody guesses one at thirty posts a minute."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE))
