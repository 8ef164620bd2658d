"""What leaves the house holds no secret: values under telling names, and keys wherever they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

HIDDEN = "***"
_TELLING = re.compile(
    r"passw|secret|token|api_?key|app_?key|private|credential|cookie|authori[sz]ation|otp|mail|phone"
)
_USERINFO = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_LINK = re.compile(r"(/a/|[?&](?:token|key|sig)=)[\w.~-]{16,}", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def clean(value: Any, secrets: Collection[str] = ()) -> Any:
    """The same JSON value without what may be secret or a person's address."""
    if isinstance(value, Mapping):
        return {
            str(key): HIDDEN if _TELLING.search(str(key).lower()) else clean(inner, secrets)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [clean(inner, secrets) for inner in value]
    return text(value, secrets) if isinstance(value, str) else value


def text(words: str, secrets: Collection[str] = ()) -> str:
    for secret in secrets:
        words = words.replace(secret, HIDDEN) if secret else words
    for shape, instead in ((_USERINFO, HIDDEN), (_LINK, rf"\1{HIDDEN}"), (_MAIL, HIDDEN)):
        words = shape.sub(instead, words)
    return words
