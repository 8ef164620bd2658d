"""What a snapshot's dynamic redirects mean; freezer and replica share it. Pure.

In a pattern `*` stands for any text, also none, and `:name` for one segment. In a target `:splat` and `:name`
are what they stood for.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

from portico.model import RedirectRule

_NAME = re.compile(r":([A-Za-z]\w*)")
_TOKEN = re.compile(r"\*|:[A-Za-z]\w*")


def follow(rule: RedirectRule, path: str) -> str | None:
    """Where `rule` sends a request for the decoded `path`, or None when it isn't meant.

    A `location` value for a redirect, another decoded path for a rewrite (status 200).
    """
    match = compiled(rule.pattern).fullmatch(path)
    return fill(rule, match.groupdict()) if match else None


def fill(rule: RedirectRule, found: dict[str, str]) -> str:
    """The rule's target with the placeholders filled in; targets are percent-encoded, rewrites give paths."""
    escape = rule.status != 200
    target = rule.target if escape else unquote(rule.target)

    def value(name: re.Match[str]) -> str:
        text = found.get(name[1])
        if text is None:
            return name[0]
        return quote(text, safe="/-._~!$&'()*+,;=:@") if escape else text

    filled = _NAME.sub(value, target)
    # `/go/* /:splat` asked for `/go//elsewhere.example` must not become a redirect to that host.
    return "/" + filled.lstrip("/") if rule.target.startswith("/") else filled


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression with the groups `splat` and each name."""
    parts, end = [], 0
    for token in _TOKEN.finditer(pattern):
        parts.append(re.escape(pattern[end : token.start()]))
        parts.append("(?P<splat>.*)" if token[0] == "*" else f"(?P<{token[0][1:]}>[^/]+)")
        end = token.end()
    return re.compile("".join((*parts, re.escape(pattern[end:]))), re.DOTALL)


def names(text: str) -> frozenset[str]:
    """The placeholders in a pattern or a target, `splat` for `*`."""
    found = {name[1] for name in _NAME.finditer(text)}
    return frozenset(found | {"splat"} if "*" in text else found)
