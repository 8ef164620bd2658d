"""A replica's memory does not grow with the site, nor with what is asked of it."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portico.model import Entry
from portico.store.layout import Store
from support import replicas, snapshots

MIB = 1 << 20
MOST = 60 * MIB
PATHS = 40_000


class Zeros:
    """A source of so many bytes, without holding them."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int) -> bytes:
        now = min(size, self.left)
        self.left -= now
        return bytes(now)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much is resident at the moment")
def test_a_large_site_and_a_large_body_fit_into_sixty_mebibytes(
    store: Store, keys: snapshots.Keys, tmp_path: Path
):
    film = store.put_stream(Zeros(256 * MIB))  # type: ignore[arg-type]
    page = store.put(b"page")
    headers = (("content-type", "text/html"), ("x-frame-options", "DENY"))
    entries = {
        f"/section/{number}/a-page-with-a-name": Entry(200, headers, page.digest, 4)
        for number in range(PATHS)
    }
    entries["/film.mp4"] = Entry(200, (("content-type", "video/mp4"),), film.digest, film.size)
    snapshot = snapshots.publish(store, keys.private, entries)
    paths = random.Random(7).sample(sorted(entries.keys() - {"/film.mp4"}), 1500)
    with replicas.running(store.root, keys.public_file, tmp_path) as replica:
        for path in paths:
            assert replica.ask(f"/{snapshot}{path}").body == b"page"
            assert replica.ask(f"/{snapshot}{path}/not").status == 404
        with ThreadPoolExecutor(4) as pool:
            films = list(pool.map(lambda _: len(replica.ask(f"/{snapshot}/film.mp4").body), range(4)))
        assert films == [film.size] * 4
        assert replica.ask(f"/{snapshot}/film.mp4", range="bytes=-5").body == bytes(5)
        assert replica.resident() < MOST
