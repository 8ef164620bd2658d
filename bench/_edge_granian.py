"""A bare RSGI server over TCP for the edge's bench: `_edge_granian.py PORT FOLDER [PEM]`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from granian.server.embed import Server


def application(folder: Path) -> Any:
    pages = {f"/{file.name}": file.read_bytes() for file in (folder / "files").iterdir()}
    pairs = [line.split(": ", 1) for line in (folder / "headers").read_text().splitlines()]
    headers = [(name, value) for name, value in pairs]

    async def answer(scope: Any, proto: Any) -> None:
        body = pages.get(scope.path)
        if body is None:
            proto.response_empty(404, [])
        elif scope.path.endswith(".bin"):
            proto.response_bytes(200, headers, body)
        else:
            proto.response_bytes(200, [*headers, ("content-encoding", "br")], body)

    return answer


async def main(port: int, folder: Path, pem: str) -> None:
    secure = {"ssl_cert": Path(pem), "ssl_key": key_of(Path(pem), folder)} if pem else {}
    app = application(folder)
    await Server(
        app, address="127.0.0.1", port=port, interface="rsgi", log_enabled=False, websockets=False, **secure
    ).serve()


def key_of(pem: Path, folder: Path) -> Path:
    """Granian takes the key from a file of its own."""
    text = pem.read_text()
    key = folder / "key.pem"
    key.write_text(text[text.index("-----BEGIN PRIVATE KEY") :])
    return key


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
