"""A running stack encodes what is live again, behind the publish."""

from __future__ import annotations

from pathlib import Path

import brotli

from portico.store.layout import Store
from support import stack as stacks

TEXT = "".join(f"<p>paragraph {n} of a page about nothing much {n * n}</p>" for n in range(400))


def test_visitors_get_fewer_bytes_of_the_same_snapshot(tmp_path: Path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(f"<title>One</title><h1>one</h1>{TEXT}")
    with stacks.running_stack(folder, tmp_path) as stack:
        ledger = stack.ledger()
        told = stacks.until(lambda: ledger.events(kind="encodings.improved"), what="the encodings improve")
        ledger.close()
        assert told[0].data["saved_bytes"] > 0
        assert stack.status()["snapshot"] == told[0].subject
        for name in ("a", "b", "mirror"):
            [file] = Store(stack.home.store(name)).bodies.rglob("*.br")
            assert brotli.decompress(file.read_bytes()).endswith(b"</p>")
        assert stack.get("/", accept_encoding="br").status == 200
