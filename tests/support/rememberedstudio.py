"""A studio's memory of what it froze, written by its own code, for tests of those who read what changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from portico.studio.freezing import bodies, items, memory


def write(data: Path, pages: Mapping[str, bytes], gone: Iterable[str] = (), **meta: str) -> None:
    """In one transaction; `pages` are new or other ones by path."""
    folder = data / "frozen"
    digests = bodies.keep(folder, dict(pages))
    with contextlib.closing(memory.connect(folder)) as store, memory.writing(store):
        its = items.Items(store)
        for path in gone:
            its.drop(path)
        for path, body in pages.items():
            name = f"{path[1:]}index.html" if path.endswith("/") else path[1:]
            its.put(path, name, digests[path], len(body))
        memory.tell(store, meta)


def clear(data: Path) -> None:
    """As a full freeze begins."""
    with contextlib.closing(memory.connect(data / "frozen")) as store, memory.writing(store):
        items.Items(store).clear()
