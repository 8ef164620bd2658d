"""The page as visitors will get it, taken apart: what the checks look at. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True, slots=True)
class Link:
    """`href` is None for an anchor without an address: what a link to a deleted page becomes."""

    href: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`alt` is None when there is no such attribute; `is_only_name` when it is all that names a link."""

    source: str
    alt: str | None
    is_only_name: bool


@dataclass(frozen=True, slots=True)
class Document:
    ids: frozenset[str]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    headings: tuple[tuple[int, str], ...]
    paragraphs: tuple[str, ...]


def take_apart(html: str | bytes) -> Document:
    """Ids of the whole page, everything else of its main part: menus and footer are other people's work."""
    tree = LexborHTMLParser(html if isinstance(html, str) else html.decode())
    main = tree.css_first("main") or tree.body
    ids = frozenset(node.attributes["id"] or "" for node in tree.css("[id]"))
    if main is None:
        return Document(ids, (), (), (), ())
    return Document(
        ids=ids,
        links=tuple(
            Link(node.attributes.get("href"), _text(node)) for node in main.css("a") if _is_link(node)
        ),
        pictures=tuple(_picture(node) for node in main.css("img")),
        headings=tuple((int(str(node.tag)[1]), _text(node)) for node in main.css("h1, h2, h3, h4, h5, h6")),
        paragraphs=tuple(text for node in main.css("p, li, dd, blockquote") if (text := _own_text(node))),
    )


def hrefs(html: str | bytes) -> list[str]:
    """Every address that a page links to, its menus included."""
    tree = LexborHTMLParser(html if isinstance(html, str) else html.decode())
    return [node.attributes["href"] or "" for node in tree.css("a[href]")]


def ids(html: str | bytes) -> frozenset[str]:
    tree = LexborHTMLParser(html if isinstance(html, str) else html.decode())
    return frozenset(node.attributes["id"] or "" for node in tree.css("[id]"))


def _is_link(node: LexborNode) -> bool:
    """An anchor that is only a place to jump to is none."""
    return "href" in node.attributes or not (node.attributes.get("id") or node.attributes.get("name"))


def _picture(node: LexborNode) -> Picture:
    attributes = node.attributes
    alt = attributes["alt"] or "" if "alt" in attributes else None
    return Picture(attributes.get("src") or "", alt, _is_only_name(node))


def _is_only_name(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag not in {"main", "body"}:
        if parent.tag == "a":
            return not _text(parent) and not parent.attributes.get("aria-label")
        parent = parent.parent
    return False


def _text(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def _own_text(node: LexborNode) -> str:
    """A list item that holds paragraphs is told by them."""
    return "" if node.css_first("p, li") not in {None, node} else _text(node)
