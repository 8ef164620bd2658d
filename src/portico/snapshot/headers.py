"""`_headers`, in the syntax that Netlify and Cloudflare Pages share. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portico.kit.errors import SourceError
from portico.snapshot import redirects
from portico.store import routes

MOST_RULES = 100

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\t]*")

_FORBIDDEN = {
    **dict.fromkeys(
        ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
        "it belongs to one connection",
    ),
    **dict.fromkeys(("te", "trailer", "upgrade", "alt-svc"), "it belongs to one connection"),
    **dict.fromkeys(
        ("content-length", "transfer-encoding", "content-encoding", "content-range", "accept-ranges"),
        "it frames the body, and the server does that",
    ),
    **dict.fromkeys(
        ("age", "date", "etag", "last-modified", "vary", "allow", "server"), "the server says it"
    ),
    "location": "use _redirects",
    "set-cookie": "a frozen page is the same for all visitors",
    "basic-auth": "only Netlify knows it; everything that is published is public",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A header to add, or with `value` None one to detach; the name in lower case."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, in the file's order."""

    rules: tuple[Rule, ...] = ()

    def resolve(self, *paths: str) -> dict[str, str | None]:
        """What the site wants for a page that is known by `paths`: a value, or None to leave a header out."""
        found: dict[str, str | None] = {}
        for rule in self.rules:
            match = routes.compiled(rule.pattern).fullmatch
            if not any(match(path) for path in paths):
                continue
            for line in rule.lines:
                known = found.get(line.name)
                joined = known is not None and line.value is not None
                found[line.name] = f"{known}, {line.value}" if joined else line.value
        return found


def parse(text: str, where: str) -> Rules:
    """Raises SourceError with file and line."""
    rules: list[tuple[str, list[Line]]] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        place = f"{where}:{number}"
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            rules.append((_pattern(line.strip(), place), []))
        elif not rules:
            raise SourceError("expected a path before the first header", where=place)
        else:
            pattern, lines = rules[-1]
            lines.append(_header(line.strip(), pattern, place))
    if len(rules) > MOST_RULES:
        raise SourceError(f"expected at most {MOST_RULES} rules, got {len(rules)}", where=where)
    return Rules(tuple(Rule(pattern, tuple(lines)) for pattern, lines in rules))


def _pattern(text: str, where: str) -> str:
    if not text.startswith("/"):
        hint = "headers are indented below their path; only Cloudflare knows host names here"
        raise SourceError(f"expected a path that begins with /, got {text!r}", where=where, hint=hint)
    if text.count("*") > 1:
        raise SourceError(f"expected at most one *, got {text}", where=where)
    found = re.findall(r":[A-Za-z]\w*", text)
    if len(set(found)) != len(found) or ("*" in text and ":splat" in found):
        raise SourceError(f"expected names that differ, got {text}", where=where)
    return redirects.decoded(text, where)


def _header(text: str, pattern: str, where: str) -> Line:
    if text.startswith("!"):
        return Line(_name(text[1:].strip(), where), None)
    name, colon, value = text.partition(":")
    if not colon or not value.strip():
        raise SourceError(f"expected `Name: value` or `! Name`, got {text!r}", where=where)
    if not _VALUE.fullmatch(value):
        raise SourceError(f"expected printable ASCII in the value of {name}", where=where)
    if used := routes.names(value.replace("*", "")) & routes.names(pattern):
        raise SourceError(f"only Cloudflare fills :{min(used)} into a header's value", where=where)
    return Line(_name(name.strip(), where), value.strip())


def _name(text: str, where: str) -> str:
    name = text.lower()
    if not _TOKEN.fullmatch(name):
        raise SourceError(f"expected a header's name, got {text!r}", where=where)
    if why := _FORBIDDEN.get(name):
        raise SourceError(f"expected another header than {text}", where=where, hint=why)
    if name.startswith("x-portico-"):
        raise SourceError(f"expected another header than {text}", where=where, hint="x-portico- is Portico's")
    return name
