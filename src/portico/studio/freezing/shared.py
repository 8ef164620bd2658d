"""What many pages of a freeze ask alike is worked out once, and counts among the queries of each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from portico.studio.freezing.queries import recording

_here = threading.local()


@dataclass(slots=True)
class _Shelf:
    """Values with the queries that they were made from; `begun`: where a recording stood at a miss."""

    values: dict[Any, tuple[Any, tuple[recording.Query, ...]]] = field(default_factory=dict)
    begun: dict[Any, int] = field(default_factory=dict)


@contextmanager
def sharing() -> Iterator[None]:
    """In this thread, for as long as one state of the database is read."""
    _here.shelf = _Shelf()
    try:
        yield
    finally:
        _here.shelf = None


def once(key: Any, make: Callable[[], Any]) -> Any:
    """`make()`, which must depend on `key` and the database alone. Outside of a freeze: each time."""
    shelf, now = getattr(_here, "shelf", None), recording.current()
    if shelf is None or now is None:
        return make()
    if key not in shelf.values:
        begun = len(now.log)
        shelf.values[key] = make(), tuple(now.log[begun:])
    else:
        now.replay(shelf.values[key][1])
    return shelf.values[key][0]


class Cache(BaseCache):
    """Stands in for Django's caches during a freeze: remembers the queries between a miss and the set."""

    def __init__(self, prepared: Mapping[str, Callable[[], Any]]) -> None:
        """`prepared` says how to make what others would have put there."""
        super().__init__({"TIMEOUT": None})
        self.prepared = prepared

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:  # noqa: ARG002 - Django's signature
        shelf, now = getattr(_here, "shelf", None), recording.current()
        if shelf is None or now is None:
            return default
        if (self, key) in shelf.values:
            value, queries = shelf.values[self, key]
            now.replay(queries)
            return value
        if key in self.prepared:
            return once((self, key), self.prepared[key])
        shelf.begun[self, key] = len(now.log)
        return default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:  # noqa: ARG002 - Django's signature
        shelf, now = getattr(_here, "shelf", None), recording.current()
        if shelf is None or now is None:
            return
        begun = shelf.begun.pop((self, key), None)
        if begun is not None and begun <= len(now.log):
            shelf.values[self, key] = value, tuple(now.log[begun:])

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:  # noqa: ARG002 - Django's signature
        self.set(key, value)
        return True

    def delete(self, key: str, version: int | None = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:  # noqa: ARG002 - Django's signature
        return False
