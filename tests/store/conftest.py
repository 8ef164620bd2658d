"""A store, keys, and a small site in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portico.model import Digest
from portico.store.layout import Store
from support import snapshots

TEXT = b"The same words over and over. " * 200


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> snapshots.Keys:
    return snapshots.keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store").create()


@pytest.fixture
def other(tmp_path: Path) -> Store:
    return Store(tmp_path / "other").create()


@pytest.fixture
def snapshot(store: Store, keys: snapshots.Keys) -> Digest:
    page = snapshots.Page(snapshots.HTML, TEXT, encodings=("br", "zstd", "gzip"))
    site = {"/": page, "/logo.png": ("image/png", b"\x89PNG" * 50), "/old": snapshots.redirect("/")}
    return snapshots.build(store, keys.private, site)
