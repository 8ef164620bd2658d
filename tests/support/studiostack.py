"""A real stack with a real studio in it, which begins with a copy of what was frozen beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import studios
from support.stack import Stack, running_stack

SETTINGS = """
[source]
kind = "studio"
[studio]
port = 0
[edge]
https_port = 8443
"""
"""The copy was frozen for that port; where it is in use another one is taken, and all is frozen anew."""

PATIENCE_S = 240


@contextmanager
def running(folder: Path, toml: str = "") -> Iterator[Stack]:
    """`toml` adds tables to the settings."""
    (folder / "home").mkdir()
    studios.place(studios.frozen(), folder / "home" / "studio")
    with running_stack(None, folder, SETTINGS + toml, timeout=PATIENCE_S) as stack:
        yield stack
