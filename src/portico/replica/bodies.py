"""Bodies and their encodings, each verified before it is served; long ones once for each time they change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portico.model import ENCODINGS, Digest, Entry
from portico.replica import identity
from portico.replica.library import Recent
from portico.replica.negotiate import IDENTITY
from portico.replica.refusals import Refusals
from portico.store import read
from portico.store.layout import Store

SHORT = 1 << 18
"""Bytes of a raw body up to which it is read and verified anew for each request.

A thousand slow visitors may hold as many of these in memory at once; of longer ones only a piece each.
"""

_SLACK = 4096
"""An encoding may be so many bytes longer than the body; more is not an encoding of it."""

Key = tuple[Digest, str]


@dataclass(frozen=True, slots=True)
class Held:
    """The files that the store has of a body at this moment, by encoding; the raw one is identity's."""

    entry: Entry
    files: Mapping[str, identity.Identity]

    @property
    def encodings(self) -> tuple[str, ...]:
        return tuple(name for name in ENCODINGS if name in self.files)

    @property
    def modified(self) -> int:
        """Seconds since the epoch when the raw body came to be; copies keep it. 0 where it is missing."""
        raw = self.files.get(IDENTITY)
        return raw.modified_ns // 1_000_000_000 if raw else 0


@dataclass(frozen=True, slots=True)
class Body:
    """Verified bytes, or the file that holds them; `length` counts the bytes to send."""

    encoding: str
    length: int
    data: bytes | None
    file: str


class Bodies:
    def __init__(self, store: Store, refusals: Refusals) -> None:
        self._store = store
        self._refusals = refusals
        self._verified: Recent[Key, identity.Identity] = Recent(4096)
        self._verifying: dict[Key, asyncio.Future[None]] = {}
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="verify")

    def held(self, entry: Entry) -> Held:
        files = {}
        for encoding in (IDENTITY, *ENCODINGS):
            if found := identity.of(self._store.body_name(entry.digest, encoding)):
                files[encoding] = found
        return Held(entry, files)

    async def open(self, held: Held, preferred: tuple[str, ...]) -> Body:
        """The first of the `preferred` codings that verifies. Raises CorruptError when none does."""
        refused: read.CorruptError | None = None
        for encoding in preferred:
            file = self._store.body_name(held.entry.digest, encoding)
            try:
                body = await self._read(held, encoding, file)
            except read.CorruptError as error:
                self._refuse(held.entry, encoding, error)
                refused = error
                continue
            if len(self._refusals):
                self._refusals.over(file)
            if body:
                return body
        raise refused or read.CorruptError(
            held.entry.digest, self._store.body(held.entry.digest), "it went away while it was read"
        )

    def _refuse(self, entry: Entry, encoding: str, error: read.CorruptError) -> None:
        file = self._store.body_name(entry.digest, encoding)
        self._refusals.add(file, entry.digest, error.what, partial(self._verify, entry, encoding))

    async def _read(self, held: Held, encoding: str, file: str) -> Body | None:
        entry, seen = held.entry, held.files.get(encoding)
        if seen is None and encoding != IDENTITY:
            return None
        self._check_length(entry, encoding, seen)
        if seen is None or entry.size <= SHORT:
            return self._short(entry, encoding, file)
        return await self._long(entry, encoding, file, seen)

    def _check_length(self, entry: Entry, encoding: str, seen: identity.Identity | None) -> None:
        """Refuse by its length what need not be read, nor fit into memory."""
        if seen is None:
            return
        right = seen.size == entry.size if encoding == IDENTITY else seen.size <= entry.size + _SLACK
        if not right:
            file = self._store.body_name(entry.digest, encoding)
            raise read.CorruptError(entry.digest, Path(file), f"{seen.size} bytes can't be this body")

    def _short(self, entry: Entry, encoding: str, file: str) -> Body | None:
        if encoding == IDENTITY:
            data = read.body(self._store, entry.digest)
            return Body(encoding, len(data), data, file)
        encoded = read.encoded(self._store, entry.digest, encoding, entry.size)
        return Body(encoding, len(encoded), encoded, file) if encoded is not None else None

    async def _long(self, entry: Entry, encoding: str, file: str, seen: identity.Identity) -> Body:
        key = (entry.digest, encoding)
        if self._verified.get(key) != seen:
            await asyncio.shield(self._verifying.get(key) or self._start_verifying(key, entry))
            if self._verified.get(key) != seen:
                raise read.CorruptError(entry.digest, Path(file), "it changed while it was verified")
        return Body(encoding, seen.size, None, file)

    def _start_verifying(self, key: Key, entry: Entry) -> asyncio.Future[None]:
        """Read the file through in a thread, even if the visitor leaves; others who ask wait for it, too."""
        self._verifying[key] = running = asyncio.ensure_future(self._note_verified(key, entry))
        return running

    async def _note_verified(self, key: Key, entry: Entry) -> None:
        """The verdict stands before this ends: whoever finds it ended must find the verdict as well."""
        file = self._store.body_name(*key)
        seen = identity.of(file)
        try:
            await self._in_thread(partial(self._verify, entry, key[1]))
            if seen and identity.of(file) == seen:
                self._verified.put(key, seen)
        finally:
            del self._verifying[key]

    def _verify(self, entry: Entry, encoding: str) -> None:
        """An encoding that is not there is not wrong."""
        file = self._store.body_name(entry.digest, encoding)
        found = identity.of(file)
        if found or encoding == IDENTITY:
            self._check_length(entry, encoding, found)
            read.verify_file(self._store, entry.digest, encoding, entry.size)

    def recheck(self) -> None:
        """Look again at the refused files that changed; those that are right now are refused no more."""
        for file, verify in self._refusals.take_changed():
            self._in_thread(verify).add_done_callback(partial(self._rechecked, file))

    def _rechecked(self, file: str, done: asyncio.Future[object]) -> None:
        if done.exception() is None:
            self._refusals.over(file)

    def _in_thread(self, work: Callable[[], object]) -> asyncio.Future[object]:
        return asyncio.get_running_loop().run_in_executor(self._threads, work)
