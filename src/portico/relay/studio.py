"""Asks the studio, over its back socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import client
from pathlib import Path
from typing import Any

from portico.kit import unixsocket

TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is 0 where there was none, and `body` says why in `what`."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def what(self) -> str:
        return str(self.body.get("what") or f"it answered {self.status}")


def ask(socket: Path, path: str, body: Mapping[str, Any]) -> Answer:
    connection = unixsocket.HTTPConnection(socket, TIMEOUT_S)
    try:
        data = json.dumps(body).encode()
        connection.request("POST", path, data, {"content-type": "application/json"})
        response = connection.getresponse()
        return Answer(response.status, _object(response.read()))
    except (OSError, client.HTTPException) as error:
        return Answer(0, {"what": f"the studio gave no answer: {error or type(error).__name__}"})
    finally:
        connection.close()


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
