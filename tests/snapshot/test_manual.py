"""Real input: the PostgreSQL manual, over a thousand pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from portico.snapshot.folder import Folder
from portico.store import check
from support.freezing import Stack

MANUAL = Path("/usr/share/doc/postgresql-doc-15/html")


@pytest.mark.skipif(not MANUAL.is_dir(), reason="the package postgresql-doc-15 is not installed")
def test_the_postgresql_manual_freezes_whole(tmp_path):
    stack = Stack(tmp_path)
    frozen = stack.freeze(Folder(MANUAL))
    assert frozen.paths > 1000
    assert (frozen.broken, frozen.warnings) == ((), ())
    assert check.snapshot(stack.store, frozen.id, stack.key.public_key()).bad == ()
    page = stack.reader.lookup(frozen.id, "/adminpack")
    assert page is not None
    assert page.header("content-type") == "text/html; charset=utf-8"
    assert "'unsafe-hashes' 'sha256-" in (page.header("content-security-policy") or "")
    again = stack.freeze(Folder(MANUAL))
    assert (again.id, again.changed, again.new) == (frozen.id, 0, False)
