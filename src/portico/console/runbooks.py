"""The runbooks, as they are shown beside what they are about."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

PLACES = (Path(__file__).parents[1] / "runbooks", Path(__file__).parents[3] / "docs" / "runbooks")
"""In an installed Portico, and in a checkout."""

_NAME = re.compile(r"[a-z0-9-]+")
_LINK = re.compile(r"(?:\./)?(?P<name>[a-z0-9-]+)\.md")


def text(name: str) -> Markup | None:
    """The runbook without its title, to stand below a heading of the second level; None where none is."""
    if not _NAME.fullmatch(name):
        return None
    return next((made(place / f"{name}.md") for place in PLACES if (place / f"{name}.md").is_file()), None)


@cache
def made(file: Path) -> Markup:
    """Its words are ours; HTML in them is shown as it is written."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(file.read_text(encoding="utf-8"))
    if tokens and tokens[0].type == "heading_open":
        tokens = tokens[3:]
    return Markup(parser.renderer.render([_fitted(token) for token in tokens], parser.options, {}))  # noqa: S704 - see above


def _fitted(token: Token) -> Token:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    for child in token.children or ():
        if child.type == "link_open":
            _lead_here(child)
    return token


def _lead_here(link: Token) -> None:
    """Other runbooks are shown here; what else the manual links to isn't, and is named only."""
    found = _LINK.fullmatch(str(link.attrGet("href") or ""))
    if found:
        link.attrSet("href", f"/runbooks/{found['name']}")
    elif not str(link.attrGet("href") or "").startswith("https://"):
        link.attrs = {}
