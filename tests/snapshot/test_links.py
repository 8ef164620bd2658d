from __future__ import annotations

from portico.snapshot import links, pages, redirects
from portico.snapshot.links import Broken

FILES = {"/", "/about", "/docs/", "/docs/a", "/logo.png", "/404.html"}
RULES = redirects.parse("/old /about\n/blog/:slug /about\n", "_redirects")


def exists(path: str) -> bool:
    return links.answers(path, has_file=FILES.__contains__, rules=RULES)


def test_every_way_to_a_page_counts():
    for path in (
        "/",
        "/index.html",
        "/about",
        "/about.html",
        "/about/",
        "/docs",
        "/docs/",
        "/docs/index.html",
    ):
        assert exists(path), path


def test_redirects_count_as_present():
    assert exists("/old")
    assert exists("/blog/x")


def test_what_is_nowhere_is_not():
    for path in ("/abouts", "/docs/a/b", "/logo", "/blog/x/y", "/docs.html"):
        assert not exists(path), path


def test_pages_and_assets_are_told_apart():
    found = pages.Links(pages=("/about", "/gone"), assets=("/logo.png", "/no.png"))
    assert list(links.check("/x", found, exists)) == [
        Broken("/x", "/gone", "no such page"),
        Broken("/x", "/no.png", "missing asset"),
    ]


def test_rules_that_lead_nowhere_are_told_by_line():
    rules = redirects.parse(
        "/a /about\n/b /nowhere#x\n/c https://example.org/\n/d/* /x/:splat\n/e/* /gone 200\n", "_redirects"
    )
    assert list(links.check_rules(rules, exists)) == [
        Broken("_redirects:2", "/nowhere", "no such page"),
        Broken("_redirects:5", "/gone", "no such page"),
    ]
