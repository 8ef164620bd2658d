"""Ways within the console: nobody is sent elsewhere by a link that somebody else wrote. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.requests import Request

HOME = "/"
_OURS = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path and query in visible ASCII without a backslash: browsers take `//` and `/\\` for another host."""


def ours(path: str) -> str:
    """The path when it is one of ours, else the first page."""
    return path if _OURS.fullmatch(path) else HOME


def here(request: Request) -> str:
    """The page that is asked for, as `before` tells it of a button on it."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def before(request: Request) -> str:
    """The page of ours that a button stood on."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.url.netloc:
        return HOME
    return ours(came.path + (f"?{came.query}" if came.query else ""))
