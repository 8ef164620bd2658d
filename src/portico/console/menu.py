"""The order in which people find the pages: what is now, what changes, what was measured. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portico.console.page import Page

GROUPS = (
    ("Now", ("overview", "incidents", "alerts", "orders")),
    ("Change", ("publishes", "actions", "drills", "statuspage")),
    ("Measured", ("traffic", "latency", "clusters", "visitors", "metrics", "events")),
)
REST = "More"


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    pages: tuple[Page, ...]


def of(pages: Iterable[Page]) -> list[Group]:
    """The pages with a word in the menu; a page that no group names stands in the last one."""
    shown = {page.name: page for page in pages if page.menu}
    groups = [Group(name, tuple(shown.pop(one) for one in names if one in shown)) for name, names in GROUPS]
    return [group for group in (*groups, Group(REST, tuple(shown.values()))) if group.pages]


def keys(groups: Iterable[Group]) -> dict[str, str]:
    """The letter that goes to each page after `g`: the first of its name that is free, or none."""
    found: dict[str, str] = {}
    for page in (page for group in groups for page in group.pages):
        free = (letter for letter in page.name if letter.isalpha() and letter not in found.values())
        found[page.name] = next(free, "")
    return found
