"""Asks the studio, over its back socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portico.kit import unixsocket

TIMEOUT_S = 6.0
"""Less than the keeper waits for a sign of life: who waits for a hung studio isn't hung."""
PATIENT_S = 60.0
"""For what is asked beside deliveries: a mail server, a whole table."""


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


def ask(socket: Path, path: str, body: Mapping[str, Any], timeout: float = TIMEOUT_S) -> Answer:
    try:
        return Answer(*unixsocket.post(socket, path, body, timeout=timeout))
    except OSError as error:
        return Answer(0, {"what": f"the studio gave no answer: {error or type(error).__name__}"})
