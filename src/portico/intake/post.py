"""One thing that a visitor sent, as the journal keeps it (sealed) and the relay delivers it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from portico.kit import canonical
from portico.kit.errors import IntegrityError

FORM = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_NAME = re.compile(rf"(?P<ms>[0-9]{{13}})\.(?P<key>[0-9a-f]{{32}})\.(?P<form>{FORM.pattern})")

Value = str | tuple[str, ...]
"""A field's value; several where the form lets several be chosen."""


@dataclass(frozen=True, slots=True)
class Post:
    """`received_at` in seconds since the epoch, to the millisecond; `why` says what makes it `spam`.

    `cluster` is the one that took it. There is nothing of the visitor in it but what was typed.
    """

    key: str
    form: str
    received_at: float
    fields: Mapping[str, Value]
    spam: bool
    why: str
    language: str
    cluster: str

    @property
    def name(self) -> str:
        """Its name in a journal, by which posts stand in the order of their coming."""
        return f"{round(self.received_at * 1000):013d}.{self.key}.{self.form}"

    def encode(self) -> bytes:
        return canonical.dumps({field: getattr(self, field) for field in self.__slots__})


def decode(data: bytes) -> Post:
    """Raises IntegrityError unless these are an encoded post's bytes."""
    try:
        said = json.loads(data)
        fields = {
            str(name): tuple(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in said.pop("fields").items()
        }
        return Post(fields=fields, **said)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IntegrityError(f"these bytes are no post: {type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class Name:
    """What a post's name in a journal tells without opening it."""

    received_at: float
    key: str
    form: str


def parse_name(name: str) -> Name | None:
    """None where it is no post's name."""
    found = _NAME.fullmatch(name)
    return Name(int(found["ms"]) / 1000, found["key"], found["form"]) if found else None
