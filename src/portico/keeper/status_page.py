"""Keeps the public status page current: made when there is news and each minute, beside the tick."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from portico.edge import livemap, runtime
from portico.keeper.stack import Stack
from portico.keeper.world import World
from portico.kit.errors import PorticoError, UnavailableError
from portico.ledger.ledger import Ledger
from portico.model import MIRROR, STATUS, Digest
from portico.statuspage import gather, pages, publish
from portico.statuspage.facts import Facts

log = logging.getLogger("portico.keeper")

LOOK_S = 2.0
EVERY_S = 55.0
"""With a look's pause it makes a minute."""


class StatusPage:
    """Nothing of the site waits for it, and it touches none of the site's stores.

    `look` is called at each tick. One round runs at a time; what fails is logged once and tried again.
    """

    def __init__(self, stack: Stack, ledger: Ledger) -> None:
        self._stack = stack
        self._ledger = ledger
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="status-page")
        self._running: Future[None] | None = None
        self._looked = -LOOK_S
        self._shown: tuple[Any, float] = (None, -EVERY_S)
        self._failing = ""

    def look(self, world: World, live: Digest | None) -> None:
        """The first seconds of a stack belong to the site, so nothing is done before that is live."""
        now = time.monotonic()
        if not self._stack.settings.status_page.enabled or live is None or now - self._looked < LOOK_S:
            return
        if self._running and not self._running.done():
            return
        self._looked = now
        serving = [name for name in self._stack.clusters if world.healthy(name)]
        self._running = self._pool.submit(self._try, serving)

    def _try(self, serving: Collection[str]) -> None:
        try:
            self._round(serving)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            if told != self._failing:
                log.exception("the status page stays as it is; it is tried again")
            self._failing = told
        else:
            self._failing = ""

    def _round(self, serving: Collection[str]) -> None:
        found = gather.gathered(
            self._ledger, self._stack.settings, self._stack.status_address or "", takes_posts=bool(serving)
        )
        news = gather.news(found)
        if news == self._shown[0] and time.monotonic() - self._shown[1] < EVERY_S:
            return
        self._publish(found, serving)
        self._shown = (news, time.monotonic())

    def _publish(self, found: Facts, serving: Collection[str]) -> None:
        home, key, places = self._stack.home, self._stack.key, (*self._stack.clusters, MIRROR)
        snapshot = publish.frozen(home, pages.made(found))
        lacking = publish.spread(home, places, snapshot, key)
        if not publish.may_flip(lacking, serving):
            raise PorticoError(f"too few places could be given it: {lacking}", where="the status page")
        livemap.write(home.root, snapshot, STATUS)
        try:
            runtime.Runtime(home.edge_socket).flip(snapshot, STATUS)
        except UnavailableError:
            log.info("the edge reads the status page's map when it starts")
        self._ledger.see(gather.SEEN, {**gather.kept(found), "snapshot": snapshot, "lacking": lacking})
        publish.sweep(home, places, snapshot, key)
