"""A port of loopback for a program that must be told one: until it binds, nobody else is given the same."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Iterator

_RANGE = range(20_000, 32_000)
"""Below those that the kernel gives to whoever connects or lets it choose."""


@contextlib.contextmanager
def claimed() -> Iterator[int]:
    """Free, and kept from all other tests of this machine while the block runs."""
    for port in random.sample(_RANGE, 200):
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            claim = held.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            claim.bind(f"\0portico-test-port-{port}")
            _try(port)
            held.pop_all()
            break
    else:
        raise OSError("no port is free")
    with claim:
        yield port


def _try(port: int) -> None:
    """Raises OSError where somebody listens already."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind(("127.0.0.1", port))
