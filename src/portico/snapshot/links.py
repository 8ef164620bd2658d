"""Which links of a page lead nowhere. Pure: what exists is asked from whoever knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portico.snapshot import pages, redirects, urls

MISSING_PAGE = "no such page"
MISSING_ASSET = "missing asset"


@dataclass(frozen=True, slots=True)
class Broken:
    """`page` is the path that holds the link, or the file and line of a rule; `target` is where it leads."""

    page: str
    target: str
    why: str


def check(page: str, found: pages.Links, exists: Callable[[str], bool]) -> Iterator[Broken]:
    for target in found.pages:
        if not exists(target):
            yield Broken(page, target, MISSING_PAGE)
    for target in found.assets:
        if not exists(target):
            yield Broken(page, target, MISSING_ASSET)


def check_rules(rules: redirects.Rules, exists: Callable[[str], bool]) -> Iterator[Broken]:
    """Redirects of this site to nowhere; those with placeholders can't be told."""
    lines = sorted((*rules.exact.values(), *rules.dynamic), key=lambda rule: rule.line)
    for line in lines:
        target = pages.resolve(line.rule.target, "/")
        if target is not None and ":" not in target and not exists(target):
            yield Broken(f"_redirects:{line.line}", target, MISSING_PAGE)


def answers(path: str, *, has_file: Callable[[str], bool], rules: redirects.Rules) -> bool:
    """Whether a visitor who asks for `path` gets something else than 404."""
    if any(has_file(candidate) for candidate in urls.answering(path)):
        return True
    return rules.answer(path, has_file=False) is not None
