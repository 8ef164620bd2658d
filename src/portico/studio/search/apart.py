"""Builds the index in a process of its own: beside it in this one, freezing would be slow for seconds."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from portico.studio.freezing import bodies
from portico.studio.freezing.rendering import worker
from portico.studio.search import build

_NICEST = 19


class Built(NamedTuple):
    """A file of the index, and the path that visitors ask for."""

    path: str
    digest: str
    size: int
    file: Path


def built(frozen: Path, pages: Sequence[tuple[str, str]], folder: Path) -> list[Built]:
    """The index of the pages, (path, digest) each, written into `folder`. Raises build.SearchError."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, fresh, _give_way) as pool:
        return pool.submit(_build, frozen, pages, folder).result()


def _give_way() -> None:
    os.nice(_NICEST)
    worker.end_with_parent()


def _build(frozen: Path, pages: Sequence[tuple[str, str]], folder: Path) -> list[Built]:
    documents = ((path, "", bodies.place(frozen, digest).read_bytes()) for path, digest in pages)
    return [
        Built(path, bodies.digest(file.read_bytes()), file.stat().st_size, file)
        for path, file in build.build(documents, folder)
    ]
