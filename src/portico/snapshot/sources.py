"""Where a site comes from. A new kind is one module that meets `Source`, and one line in `SOURCES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol, runtime_checkable

from portico.config import models
from portico.config.home import Home
from portico.snapshot import folder, studio
from portico.snapshot.items import Changes, Item, Rules


class Source(Protocol):
    """Everything here raises SourceError when the source can't be read whole."""

    @property
    def label(self) -> str:
        """What a person calls it: the folder's path, the application's address."""

    def rules(self) -> Rules:
        """The headers and redirects of the whole site."""

    def items(self) -> Iterator[Item]:
        """Everything that is published, in any order, without reading it."""

    def open(self, item: Item) -> AbstractContextManager[BinaryIO]:
        """The bytes of an item, once; leaving the block well means they were read whole and unchanged."""


@runtime_checkable
class Remembering(Protocol):
    """A source that knows what changed, so that not all of it has to be looked at."""

    def changes(self, mark: str) -> Changes | None:
        """Since the source had that mark; None when it doesn't know. Asked before anything else."""

    def mark(self) -> str:
        """Names what is read now, and nothing else ever; "" where it has no name."""


SOURCES: Mapping[str, Callable[[models.Source, Home], Source]] = {
    "studio": studio.from_settings,
    "folder": folder.from_settings,
}


def of(settings: models.Source, home: Home) -> Source:
    return SOURCES[settings.kind](settings, home)
