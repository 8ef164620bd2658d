"""One replica for the tests that only read, over a site with a bit of everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.store.layout import Store
from support import replicas, snapshots, variedsite
from support.variedsite import Served


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> snapshots.Keys:
    return snapshots.keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, keys: snapshots.Keys) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    store = Store(folder / "store").create()
    snapshot = variedsite.build(store, keys)
    with replicas.running(store.root, keys.public_file, folder) as replica:
        yield Served(replica, snapshot, store)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store for a test that changes it."""
    return Store(tmp_path / "store").create()
