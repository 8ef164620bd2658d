"""A stand-in for a replica that tells what it was asked: what the edge lets through, in which shape."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from support import tinyhttp

SHARED = "public, max-age=0, s-maxage=86400, must-revalidate"


@dataclass
class Echo:
    """Answers `/-/ready`; any other path with its name, path and headers as JSON, `asked` counting them."""

    name: str
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def answer(self, request: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        if request.path == "/-/ready":
            return tinyhttp.say(writer, b"ready")
        self.asked.append((request.path, request.headers))
        if "/big/" in request.path:
            size = int(request.path.rpartition("/")[2])
            return tinyhttp.say(writer, bytes(size), 200, "cache-control: no-store")
        coding = request.headers.get("accept-encoding", "identity")
        told = {"name": self.name, "path": request.path, "headers": request.headers, "coding": coding}
        return tinyhttp.say(
            writer, json.dumps(told).encode(), self.status(request.path), *self.headers(request)
        )

    def status(self, path: str) -> int:
        place = path.partition("?")[0]
        return int(place.rpartition("/")[2]) if "/status/" in place else 200

    def headers(self, request: tinyhttp.Asked) -> list[str]:
        coding = request.headers.get("accept-encoding", "identity")
        encoded = [] if coding == "identity" else [f"content-encoding: {coding}"]
        kept = "no-store" if "/secret" in request.path else SHARED
        return [
            f"cache-control: {kept}",
            "content-type: application/json",
            "vary: accept-encoding",
            f'etag: "{coding}"',
            "server: echo",
            "x-portico-name: secret",
            *encoded,
        ]


@contextlib.contextmanager
def replica(home: Path, name: str) -> Iterator[Echo]:
    """Serve at the replica's socket in `home`, which is removed afterwards, as by a clean end."""
    echo = Echo(name)
    socket = home / "run" / name / "http.sock"
    with tinyhttp.serving(echo.answer, unix=socket):
        yield echo
    socket.unlink(missing_ok=True)
