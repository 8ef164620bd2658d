"""A ledger on disk, closed at the end."""

import pytest

from portico.ledger.ledger import Ledger


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.db"


@pytest.fixture
def open_ledger(path):
    opened = []

    def another(**more):
        opened.append(Ledger(path, **more))
        return opened[-1]

    yield another
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(open_ledger):
    return open_ledger()
