"""A channel's address, which is mostly secret: read when it is needed, kept out of what is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from portico.config.responding import Channel
from portico.kit.errors import ConfigError

_SHORTEST_SECRET = 4
_MAIL = {"mailto", "mailtos"}
_WEB = {"json", "jsons", "form", "forms", "xml", "xmls", "http", "https"}


def of(channel: Channel) -> str:
    """The address itself; a file is read anew each time, so that it can be changed. Raises ConfigError."""
    return read(channel.url, channel.url_file, where=f"notify/channels/{channel.name}")


def read(given: SecretStr | None, file: Path | None, *, where: str) -> str:
    """The first line of `file`, where the address isn't given. Raises ConfigError."""
    if given is not None:
        return given.get_secret_value().strip()
    try:
        text = file.read_text(encoding="utf-8").strip() if file else ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{file} can't be read: {why}", where=where, temporary=True) from None
    if not text:
        raise ConfigError(f"{file} is empty, expected an address", where=where)
    return text.splitlines()[0].strip()


def kind(url: str) -> str:
    """What may be told of an address: `mailto`, `slack`."""
    found = re.match(r"([a-z][a-z0-9+.-]{0,20})://", url, re.IGNORECASE)
    return found[1].lower() if found else "unknown"


def redacted(text: str, url: str) -> str:
    """`text` without any part of the address that may be secret."""
    for secret in sorted(_secrets(url), key=len, reverse=True):
        text = re.sub(re.escape(secret), "***", text, flags=re.IGNORECASE)
    return text


def _secrets(url: str) -> set[str]:
    found = {part for text in (url, unquote(url)) for part in _parts(text)}
    return {part for part in found if len(part) >= _SHORTEST_SECRET}


def _parts(url: str) -> Iterator[str]:
    """Tokens stand anywhere: Slack's first one where others have the host. A mail's is its password alone."""
    schema, _, rest = url.partition("://")
    if schema in _MAIL:
        login = rest.partition("/")[0].rpartition("@")[0]
        yield login.partition(":")[2]
        return
    shown = set(filter(None, (urlsplit(url).hostname,))) if schema in _WEB else set()
    yield from (part for part in re.split(r"[:/@?&=+,;]+", rest) if part.lower() not in shown)
