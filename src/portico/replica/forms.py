"""The forms that a snapshot has: their schemas are bodies of the store, verified as any other."""

from __future__ import annotations

from collections.abc import Sequence

from portico.intake import schema
from portico.intake.schema import Schema
from portico.kit.errors import IntegrityError
from portico.model import Digest
from portico.replica.library import Library, Recent, holding
from portico.store import read

PATH = "/-/intake/"
_LARGEST = 1 << 18


class Forms:
    def __init__(self, libraries: Sequence[Library]) -> None:
        self._libraries = libraries
        self._parsed: Recent[Digest, Schema] = Recent(64)

    def find(self, snapshot: Digest, path: str) -> Schema | None:
        """None where the snapshot has no such form. Raises read.UnknownSnapshotError and IntegrityError."""
        library = holding(self._libraries, snapshot)
        entry = library.site(snapshot).lookup(path)
        if entry is None or not entry.digest or entry.status != 200 or entry.size > _LARGEST:
            return None
        form = self._parsed.get(entry.digest)
        if form is None:
            form = schema.parse(read.body(library.store, entry.digest))
            self._parsed.put(entry.digest, form)
        if form.form != path.removeprefix(PATH):
            raise IntegrityError(f"the schema is of the form {form.form!r}", where=path)
        return form
