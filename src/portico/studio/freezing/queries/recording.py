"""Writes down each SELECT that a render makes. A query that writes fails the freeze."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from portico.studio.freezing.refused import RefusedError
from portico.studio.freezing.rendering import place

_READS = ("SELECT", "(SELECT", "WITH", "EXPLAIN")
_HARMLESS = ("SAVEPOINT", "RELEASE", "ROLLBACK TO", "DECLARE", "FETCH", "CLOSE", "PRAGMA", "BEGIN")
_SLICE = re.compile(r" LIMIT (\d+)(?: OFFSET (\d+))?$")
_DIGITS = re.compile(r"\d+")
_KINDS: dict[str, Callable[[str], Any]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "Decimal": decimal.Decimal,
    "UUID": uuid.UUID,
    "bytes": base64.b64decode,
}

Query = tuple[str, str]
"""A SELECT's text and its parameters as JSON."""


@dataclass(slots=True)
class Recording:
    """The queries in their order; `asked` leaves out those that were answered before for another page."""

    log: list[Query] = field(default_factory=list)
    asked: int = 0

    @property
    def queries(self) -> tuple[Query, ...]:
        """Each once."""
        return tuple(dict.fromkeys(self.log))

    def replay(self, queries: Iterable[Query]) -> None:
        self.log.extend(queries)

    def note(self, execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        word = sql.lstrip()[:12].upper()
        if word.startswith(_READS):
            self.log.append(normal(sql, params))
            self.asked += 1
        elif not word.startswith(_HARMLESS):
            raise RefusedError(
                f"writes to the database: {sql[:120]}", place.now(), "a page that is frozen may only read"
            )
        return execute(sql, params, many, context)


_here = threading.local()


@contextmanager
def recorded() -> Iterator[Recording]:
    recording = Recording()
    _here.recording = recording
    try:
        with connection.execute_wrapper(recording.note):
            yield recording
    finally:
        _here.recording = None


def current() -> Recording | None:
    """Of the render that goes on in this thread."""
    return getattr(_here, "recording", None)


def normal(sql: str, params: Any) -> Query:
    """With numbers of a slice as parameters: else each page of a list would have a text of its own."""
    values = list(params or ())
    if params is None:
        sql = sql.replace("%", "%%")
    if found := _SLICE.search(sql):
        values += [int(number) for number in found.groups() if number is not None]
        sql = sql[: found.start()] + _DIGITS.sub("%s", found[0])
    return sql, encode(values)


def encode(params: Any) -> str:
    return json.dumps(list(params or ()), default=_tell, separators=(",", ":"))


def decode(text: str) -> list[Any]:
    return [_read(value) for value in json.loads(text)]


def _tell(value: Any) -> dict[str, str]:
    kind = type(value).__name__
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return {kind: value.isoformat()}
    if kind in _KINDS:
        return {kind: str(value)}
    raise RefusedError(
        f"asks the database with a {kind}",
        place.now(),
        "ask with plain values, so that the query can be asked again",
    )


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, told),) = value.items()
        return _KINDS[kind](told)
    return value
