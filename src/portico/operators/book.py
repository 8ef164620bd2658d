"""The database of who may look and order, for its owner alone. What changes in it is told to the ledger."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from portico.kit.errors import UnavailableError
from portico.ledger.ledger import Ledger

MODE = 0o600


class Book:
    """Opened by every process for itself; usable from several threads."""

    def __init__(self, path: Path, ledger: Ledger) -> None:
        self.ledger = ledger
        self._mutex = threading.RLock()
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, MODE))
            path.chmod(MODE)
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.executescript(resources.files(__package__).joinpath("schema.sql").read_text())
        except (OSError, sqlite3.Error) as error:
            raise UnavailableError(f"the operators can't be read: {error}", where=str(path)) from error

    def close(self) -> None:
        self._db.close()

    @property
    def now(self) -> float:
        """Seconds since the epoch, by the ledger's clock."""
        return self.ledger.now

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Several writes as one; what is recorded inside stands in the ledger before they count.

        Raises UnavailableError, as on a full disk.
        """
        with self._mutex:
            if self._db.in_transaction:
                yield
                return
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                self._db.rollback()
                raise UnavailableError(f"this can't be written down: {error}", temporary=True) from error
            except BaseException:
                self._db.rollback()
                raise

    def ask(self, sql: str, args: tuple[Any, ...] = ()) -> list[Any]:
        with self._mutex:
            return self._db.execute(sql, args).fetchall()

    def one(self, sql: str, args: tuple[Any, ...] = ()) -> Any:
        with self._mutex:
            return self._db.execute(sql, args).fetchone()

    def put(self, sql: str, args: tuple[Any, ...] = ()) -> int:
        """How many rows were changed."""
        with self.writing():
            return self._db.execute(sql, args).rowcount

    def record(self, what: str, name: str, /, **data: Any) -> None:
        """Tell the ledger, and so its hash chain. Never a secret."""
        self.ledger.record(f"operator.{what}", name, **data)


def token() -> str:
    """What a browser or a link carries."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is kept of a token: enough to know it again, too little to use it."""
    return hashlib.sha256(text.encode()).hexdigest()


def same(expected: str, given: str) -> bool:
    """Whether both are the same and not empty, in a time that tells nothing."""
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
