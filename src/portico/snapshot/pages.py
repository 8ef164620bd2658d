"""One look into a page: where it leads, and what of it a content security policy must know. Pure."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page's headers depend on. Hashes are CSP source expressions without quotes, sorted.

    `elsewhere` are the origins it loads things from; `parsed` is off for a page too long to look into.
    """

    utf8: bool = True
    base: bool = False
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()
    style_attributes: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    parsed: bool = True

    def pack(self) -> dict[str, Any]:
        """Only what differs from an empty page."""
        return {name: value for name, value in asdict(self).items() if value != getattr(PLAIN, name)}

    @classmethod
    def unpack(cls, values: dict[str, Any]) -> Facts:
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**fields)


PLAIN = Facts()


@dataclass(frozen=True, slots=True)
class Links:
    """Decoded paths of this site, sorted: pages it leads to, and assets it is made of."""

    pages: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    facts: Facts
    links: Links


_ASSET_ATTRIBUTES = {
    "script": ("src",),
    "img": ("src",),
    "iframe": ("src",),
    "embed": ("src",),
    "source": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "input": ("src",),
    "object": ("data",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
}
_SRCSET_ATTRIBUTES = {"img": "srcset", "source": "srcset", "link": "imagesrcset"}
_ASSET_RELS = frozenset(
    ("stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest", "apple-touch-icon")
)
_PAGE_RELS = frozenset(("canonical", "alternate", "next", "prev", "author", "help", "license", "search"))
_JAVASCRIPT = frozenset(("text/javascript", "application/javascript", "text/ecmascript", "text/jscript"))
_RUNS = _JAVASCRIPT | {"", "module", "importmap", "speculationrules"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SRCSET_URL = re.compile(r"[\s,]*(\S*[^\s,])(?:\s+[^,]*|,+|$)")
_STYLE_URL = re.compile(
    r"/\*.*?\*/|@import\s+['\"]([^'\"]+)['\"]|url\(\s*(?:'([^']*)'|\"([^\"]*)\"|([^)'\"\s]*))\s*\)", re.DOTALL
)


def parse(data: bytes, path: str) -> Page:
    """Look into the HTML page that is published at `path`."""
    return _Look(path).page(data)


def parse_style(data: bytes, path: str) -> Page:
    """Look into the style sheet that is published at `path`: the pictures and fonts it asks for."""
    text = data.decode(errors="replace")
    wanted = (next(filter(None, match.groups()), None) for match in _STYLE_URL.finditer(text))
    assets = {target for reference in wanted if reference and (target := resolve(reference, path))}
    return Page(PLAIN, Links(assets=tuple(sorted(assets))))


class _Look:
    """Collects while the tree is walked once."""

    def __init__(self, path: str) -> None:
        self._path: str | None = path
        self._base = False
        self._references: set[tuple[str, bool]] = set()
        self._hashed: defaultdict[str, set[str]] = defaultdict(set)

    def page(self, data: bytes) -> Page:
        root = LexborHTMLParser(data).root
        for node in root.traverse() if root else ():
            self._node(node)
        links: dict[bool, set[str]] = {False: set(), True: set()}
        for reference, is_asset in self._references:
            target = resolve(reference, self._path)
            if target is not None:
                links[is_asset].add(target)
            elif is_asset and (origin := _origin(reference)):
                self._hashed["elsewhere"].add(origin)
        found: dict[str, Any] = {
            name: tuple(sorted(values)) for name, values in self._hashed.items() if values
        }
        facts = Facts(utf8=_is_utf8(data), base=self._base, **found)
        return Page(facts, Links(tuple(sorted(links[False])), tuple(sorted(links[True]))))

    def _node(self, node: LexborNode) -> None:
        tag, attributes = node.tag, node.attributes
        if tag == "script" and "src" not in attributes:
            if (attributes.get("type") or "").strip().lower() in _RUNS:
                self._hash("scripts", node.text())
        elif tag == "style":
            self._hash("styles", node.text())
        elif tag == "base":
            self._set_base(attributes.get("href"))
        if attributes and tag:
            self._attributes(tag, attributes)

    def _attributes(self, tag: str, attributes: dict[str, str | None]) -> None:
        for name, value in attributes.items():
            if not value:
                continue
            if name == "style":
                self._hash("style_attributes", value)
            elif name.startswith("on"):
                self._hash("handlers", value)
            elif name in _ASSET_ATTRIBUTES.get(tag, ()):
                self._references.add((value, True))
            elif name == _SRCSET_ATTRIBUTES.get(tag):
                self._references.update((url, True) for url in _SRCSET_URL.findall(value))
            elif name == "href" and tag in {"a", "area"}:
                self._references.add((value, False))
            elif name == "href" and tag == "link":
                self._link(value, (attributes.get("rel") or "").lower().split())

    def _link(self, href: str, rels: list[str]) -> None:
        if _ASSET_RELS.intersection(rels):
            self._references.add((href, True))
        elif _PAGE_RELS.intersection(rels):
            self._references.add((href, False))

    def _set_base(self, href: str | None) -> None:
        """The first one counts. A base on another host makes every relative link lead there."""
        if self._base or not href:
            return
        self._base = True
        self._path = resolve(href, self._path)

    def _hash(self, kind: str, text: str) -> None:
        digest = hashlib.sha256(text.encode(errors="replace")).digest()
        self._hashed[kind].add(f"sha256-{base64.b64encode(digest).decode()}")


def resolve(reference: str, base: str | None) -> str | None:
    """The decoded path of this site that `reference` means on the page `base`; None if it leads elsewhere."""
    target = reference.strip(" \t\n\r\f").partition("#")[0].partition("?")[0]
    if not target or base is None or target.startswith("//") or _SCHEME.match(target):
        return None
    if not target.startswith("/"):
        target = base[: base.rindex("/") + 1] + target
    if "/." in target:
        target = _without_dots(target)
    return unquote(target) if "%" in target else target


def _without_dots(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/")[1:]:
        if part == "..":
            del parts[-1:]
        elif part != ".":
            parts.append(part)
    if path.endswith(("/.", "/..")):
        parts.append("")
    return "/" + "/".join(parts)


def _origin(reference: str) -> str | None:
    try:
        url = urlsplit(reference.strip(), scheme="https")
    except ValueError:
        return None
    return f"{url.scheme}://{url.netloc}" if url.netloc and url.scheme in {"http", "https"} else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
