"""Each test has a studio of its own, in which ids and names of files begin anew."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def nothing_was_drawn(monkeypatch):
    monkeypatch.setattr("portico.studio.pictures.ahead._drawn", {})
