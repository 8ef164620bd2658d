"""The kinds of fields that a form may have: how a value is brought into one form, and held to it. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\s@<>()\[\],;:\\\"./]{1,63}\.)+[^\s@<>()\[\],;:\\\"./]{2,63}"
)
_BREAKS = re.compile(r"\r\n?")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NO_TEXT = {"Cc", "Cs"}
"""Unicode's categories of controls and of half letters."""
_NO_LINE = {*_NO_TEXT, "Zl", "Zp"}

Problem = Callable[[str, Sequence[str]], str]
"""What is wrong with a value, as a name in `schema.SAYS`; nothing where it is right. Told the choices."""


@dataclass(frozen=True, slots=True)
class Kind:
    normal: Callable[[str], str]
    problem: Problem
    several: bool = False


def _normal_line(value: str) -> str:
    """What turns the reading order around is left out: it comes with pasted text, and fools readers."""
    return unicodedata.normalize("NFC", _TURNS.sub("", value)).strip()


def _normal_text(value: str) -> str:
    return _normal_line(_BREAKS.sub("\n", value))


def _line(value: str, _: Sequence[str]) -> str:
    """Text without a break or a control: it may end in a mail's header."""
    return "line" if any(unicodedata.category(letter) in _NO_LINE for letter in value) else ""


def _text(value: str, _: Sequence[str]) -> str:
    is_wrong = any(unicodedata.category(letter) in _NO_TEXT and letter not in "\n\t" for letter in value)
    return "text" if is_wrong else ""


def _email(value: str, _: Sequence[str]) -> str:
    """Without an encoded word, which programs that write mails would take apart in its header."""
    right = not _line(value, ()) and len(value) <= 254 and _ADDRESS.fullmatch(value)
    return "" if right and ".." not in value and "=?" not in value else "email"


def _url(value: str, _: Sequence[str]) -> str:
    try:
        parts = urlsplit(value)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        right = False
    return "" if right and value.isprintable() and " " not in value else "url"


def _number(value: str, _: Sequence[str]) -> str:
    try:
        return "" if value.isascii() and math.isfinite(float(value)) else "number"
    except ValueError:
        return "number"


def _date(value: str, _: Sequence[str]) -> str:
    try:
        return "" if date.fromisoformat(value).isoformat() == value else "date"
    except ValueError:
        return "date"


def _choice(value: str, choices: Sequence[str]) -> str:
    return "" if value in choices else "choice"


def _checkbox(value: str, _: Sequence[str]) -> str:
    return "" if value in {"on", "true", "1", "yes"} else "choice"


KINDS: Mapping[str, Kind] = {
    "text": Kind(_normal_line, _line),
    "textarea": Kind(_normal_text, _text),
    "email": Kind(_normal_line, _email),
    "url": Kind(_normal_line, _url),
    "number": Kind(_normal_line, _number),
    "date": Kind(_normal_line, _date),
    "choice": Kind(str, _choice),
    "choices": Kind(str, _choice, several=True),
    "checkbox": Kind(str, _checkbox),
    "hidden": Kind(_normal_line, _line),
}
