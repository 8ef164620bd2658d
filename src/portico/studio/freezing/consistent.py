"""One state of the database for a whole freeze: a transaction that only reads, of a connection of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import caches
from django.db import connections, transaction

from portico.studio.freezing import roots, shared

ALIAS = "default"


@contextmanager
def reading(settings: dict[str, Any] | None = None) -> Iterator[int]:
    """Yields the revision. In this thread the default connection is the reading one until the end.

    Caches begin empty and end with it: what others remember may be older, and isn't recorded.
    """
    before = connections[ALIAS]
    ours = connections.create_connection(ALIAS)
    ours.settings_dict = copy.deepcopy(settings or before.settings_dict)
    if ours.vendor == "sqlite":
        ours.settings_dict.get("OPTIONS", {}).pop("transaction_mode", None)
        ours.transaction_mode = None
    connections[ALIAS] = ours
    try:
        with shared.sharing(), _own_caches(), transaction.atomic():
            yield _begun()
            transaction.set_rollback(True)
    finally:
        connections[ALIAS] = before
        ours.close()


def _begun() -> int:
    with connections[ALIAS].cursor() as cursor:
        if connections[ALIAS].vendor == "sqlite":
            cursor.execute("PRAGMA query_only = 1")
        else:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT number FROM studio_revision WHERE id = 1")
        return int(cursor.fetchone()[0])


@contextmanager
def _own_caches() -> Iterator[None]:
    before = {name: caches[name] for name in caches.settings}
    for name in before:
        caches[name] = shared.Cache({roots.CACHE_KEY: roots.paths})
    try:
        yield
    finally:
        for name, cache in before.items():
            caches[name] = cache
