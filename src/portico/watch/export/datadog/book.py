"""Which objects at Datadog we made: their ids, kept in the ledger, where whoever deletes them looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.ledger.ledger import Ledger

KEPT = "datadog.objects"


@dataclass(frozen=True, slots=True)
class Made:
    """`id` is empty from before an object is made until its id is known: a crash may lie between."""

    kind: str
    id: str = ""


class Book:
    """Each change is written with an event, before and after what it is about."""

    def __init__(self, ledger: Ledger, by: str = "") -> None:
        self._ledger, self._by = ledger, by

    def made(self) -> dict[str, Made]:
        """By slug."""
        seen = self._ledger.seen(KEPT)
        return {slug: Made(**one) for slug, one in (seen[0] if seen else {}).items()}

    def intend(self, slug: str, kind: str) -> None:
        self._write({**self._raw(), slug: {"kind": kind, "id": ""}})

    def note(self, slug: str, made: Made, what: str) -> None:
        """`what` was done with it: created, updated, adopted."""
        with self._ledger.writing():
            self._write({**self._raw(), slug: {"kind": made.kind, "id": made.id}})
            self._ledger.record(f"datadog.{what}", slug, kind=made.kind, id=made.id, by=self._by)

    def forget(self, slug: str) -> None:
        with self._ledger.writing():
            rest = self._raw()
            gone = rest.pop(slug, {})
            self._write(rest)
            self._ledger.record("datadog.deleted", slug, **gone, by=self._by)

    def _raw(self) -> dict[str, Any]:
        seen = self._ledger.seen(KEPT)
        return dict(seen[0]) if seen else {}

    def _write(self, value: Mapping[str, Any]) -> None:
        self._ledger.see(KEPT, dict(value))
