"""The pages as a source for the freezer: in memory, known by their hashes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

from portico.kit import canonical
from portico.snapshot.items import Item, Rules


class Made:
    """`files` by path."""

    label = "the status page"

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def rules(self) -> Rules:
        return Rules()

    def items(self) -> Iterator[Item]:
        return (Item(path, _name(path), canonical.digest(data)) for path, data in self._files.items())

    @contextmanager
    def open(self, item: Item) -> Iterator[BinaryIO]:
        yield io.BytesIO(self._files[item.path])


def _name(path: str) -> str:
    """As a file would be called; headers and content types go by it."""
    return f"{path[1:]}index.html" if path.endswith("/") else path[1:]
