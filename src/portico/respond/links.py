"""Links in messages by which a person answers: signed, for one purpose, until an end.

What a link may do is in its token; the key stays in the home, so a token can't be made or changed elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import itsdangerous

from portico.config import console
from portico.config.home import Home
from portico.config.models import Settings
from portico.kit import files
from portico.kit.errors import PorticoError

ACKNOWLEDGE, APPROVE, REFUSE = "ack", "yes", "no"
_SALT = "portico.links"


@dataclass(frozen=True, slots=True)
class Press:
    """What pressing does: `purpose` with the incidents or the question of these `numbers`, before `until`.

    `whose` is the channel that the link was sent to.
    """

    purpose: str
    numbers: tuple[int, ...]
    until: float
    whose: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """As JSON, for the ledger; the token is made when the message is sent."""
        return {
            "purpose": self.purpose,
            "numbers": list(self.numbers),
            "until": self.until,
            "whose": self.whose,
        }


def press(data: Mapping[str, Any]) -> Press:
    return Press(data["purpose"], tuple(data["numbers"]), data["until"], data["whose"])


def key(home: Home) -> bytes:
    """The key that signs, made at the first use."""
    try:
        return home.link_key.read_bytes()
    except FileNotFoundError:
        home.keys.mkdir(mode=0o700, exist_ok=True)
        files.write_whole(home.link_key, secrets.token_hex(32).encode(), mode=0o600)
        return home.link_key.read_bytes()


def token(signing: bytes, asked: Press) -> str:
    """The same for the same, so that a message that is sent again is the same."""
    return str(_signer(signing).dumps([asked.purpose, asked.numbers, round(asked.until), asked.whose]))


def read(signing: bytes, given: str) -> Press:
    """What a token is for, also when its time is over. Raises PorticoError when it isn't ours."""
    try:
        purpose, numbers, until, whose = _signer(signing).loads(given)
    except (itsdangerous.BadData, ValueError, TypeError):
        raise PorticoError("this link was changed on its way, or isn't from here") from None
    return Press(purpose, tuple(numbers), until, whose)


def base(settings: Settings, home: Home) -> str:
    """Where the private listener is reached."""
    if settings.notify.link:
        return settings.notify.link.rstrip("/")
    listen = settings.watch.listen
    return f"http://{f'[{listen}]' if ':' in listen else listen}:{_port(home) or settings.watch.port}"


def url(base_url: str, signing: bytes, asked: Press) -> str:
    return f"{base_url}/a/{token(signing, asked)}"


def in_console(settings: Settings, home: Home, incidents: Sequence[int]) -> str:
    """Where the console shows these incidents; empty where there is no console."""
    if not settings.console.enabled or not incidents:
        return ""
    one = f"/{incidents[0]}" if len(incidents) == 1 else ""
    return f"{console.address(home, settings.console)}incidents{one}"


def _port(home: Home) -> int | None:
    try:
        return int(json.loads(home.watch_port.read_bytes())["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _signer(signing: bytes) -> itsdangerous.URLSafeSerializer:
    return itsdangerous.URLSafeSerializer(
        signing, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    )


def ordered(presses: Sequence[Mapping[str, Any]]) -> list[tuple[str, Press]]:
    """The words and the press of each link of a message."""
    return [(each["words"], press(each)) for each in presses]
