"""Location values: percent-encoded, and never a way to another host that the site did not name. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

_RESERVED = "/:?#[]@!$&'()*+,;=%~"
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)


def of_path(path: str) -> str:
    """The location of a decoded path on this site."""
    return _on_this_site(quote(path, safe="/:@!$&'()*+,;=~"))


def finished(target: str) -> str:
    """A target as the site's author wrote it, made fit for a header."""
    encoded = quote(target, safe=_RESERVED)
    return encoded if _ABSOLUTE.match(encoded) else _on_this_site(encoded)


def with_query(location: str, query: str) -> str:
    """Pass the visitor's query on, unless the target has its own."""
    address, hash_sign, fragment = location.partition("#")
    if not query or "?" in address:
        return location
    return f"{address}?{quote(query, safe=_RESERVED)}{hash_sign}{fragment}"


def _on_this_site(encoded: str) -> str:
    # Two slashes at the start would name a host; browsers take a backslash for a slash.
    return "/" + encoded.replace("\\", "%5C").lstrip("/")
