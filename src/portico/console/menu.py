"""The order in which people find the pages: what is now, what changes, what was measured, the house. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portico.console.page import Page

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Now": {"overview": "h", "incidents": "i", "alerts": "a", "orders": "r"},
    "Change": {"publishes": "p", "operate": "o", "drills": "d", "statuspage": "s"},
    "Measured": {
        "traffic": "t",
        "latency": "l",
        "clusters": "c",
        "visitors": "v",
        "metrics": "m",
        "events": "e",
    },
    "House": {"people": "u", "settings": "n"},
}
"""Each page's name, and the letter that goes to it after `g`."""

REST = "More"


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    pages: tuple[Page, ...]


def of(pages: Iterable[Page]) -> list[Group]:
    """The pages with a word in the menu; a page that no group names stands in the last one."""
    shown = {page.name: page for page in pages if page.menu}
    groups = [
        Group(name, tuple(shown.pop(one) for one in names if one in shown)) for name, names in GROUPS.items()
    ]
    return [group for group in (*groups, Group(REST, tuple(shown.values()))) if group.pages]


def keys(groups: Iterable[Group]) -> dict[str, str]:
    """The letter that goes to each page; a page that no group names has none."""
    known = {page: letter for pages in GROUPS.values() for page, letter in pages.items()}
    return {page.name: known.get(page.name, "") for group in groups for page in group.pages}
