"""Posts on disk, in this cluster and the other, before anybody is thanked for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from portico.intake import journal
from portico.intake.journal import Journal
from portico.intake.post import Post
from portico.intake.seal import Sealer
from portico.kit.errors import PorticoError
from portico.replica import log
from portico.replica.peers import Peers

_THREADS = 4
_MEND_S, _SWEEP_S = 1.0, 60.0

T = TypeVar("T")


class NotKeptError(Exception):
    """It could not be written here, so nobody may be told that we have it."""


class Keeping:
    def __init__(self, intake: Path, sealer: Sealer, peers: Peers) -> None:
        self._posts = Journal(intake / journal.POSTS)
        self._copies = Journal(intake / journal.COPIES)
        self._sealer = sealer
        self._peers = peers
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="journal")
        self._log = log.Seldom()
        self.alone = self.mended = self.copies = 0

    async def keep(self, post: Post) -> bool:
        """On the disks of both clusters when this returns; or marked, when the other one is away.

        False when it was known already. Raises NotKeptError.
        """
        name, data = await self._in_thread(partial(self._prepare, post))
        has_copy = await self._peers.copy(name, data)
        await self._in_thread(partial(self._write, name, data, has_copy=has_copy))
        self.alone += not has_copy
        return name == post.name

    def _prepare(self, post: Post) -> tuple[str, bytes]:
        return self._posts.reserve(post.name), self._sealer.seal(post.encode())

    def _write(self, name: str, data: bytes, *, has_copy: bool) -> None:
        """Who came before with the same post may have died at any point: what is missing is made good."""
        if has_copy and self._is_here(name):
            self._posts.copied(name)
        else:
            self._posts.append(name, data, alone=not has_copy)

    async def keep_copy(self, name: str, data: bytes) -> None:
        """Of a post that another cluster took. Raises NotKeptError."""
        await self._in_thread(partial(self._write_copy, name, data))
        self.copies += 1

    def _write_copy(self, name: str, data: bytes) -> None:
        self._copies.reserve(name)
        if not self._is_here(name):
            self._copies.append(name, data)

    def _is_here(self, name: str) -> bool:
        return self._posts.has(name) or self._copies.has(name)

    async def mend(self) -> None:
        """For ever: have copied what was taken alone, once the other cluster is back."""
        rounds = 0
        while True:
            try:
                await self._mend_once()
                if rounds % round(_SWEEP_S / _MEND_S) == 0:
                    await self._in_thread(self._posts.sweep)
                    await self._in_thread(self._copies.sweep)
            except NotKeptError as error:
                self._log.line("not-mended", why=str(error))
            rounds += 1
            await asyncio.sleep(_MEND_S)

    async def _mend_once(self) -> None:
        for name in await self._in_thread(self._posts.alone):
            try:
                data = await self._in_thread(partial(self._posts.read, name))
            except NotKeptError:
                continue  # the relay took it meanwhile
            if not await self._peers.copy(name, data):
                return
            await self._in_thread(partial(self._posts.copied, name))
            self.mended += 1

    async def _in_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except (OSError, PorticoError) as error:
            raise NotKeptError(f"{type(error).__name__}: {error}") from error
