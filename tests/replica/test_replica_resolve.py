"""What answers a path, decided without a disk."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.model import Entry, RedirectRule
from portico.replica import location, resolve
from portico.replica.resolve import Found
from portico.replica.rules import Moved, Rules


def page(name: str, content_type: str = "text/html; charset=utf-8", status: int = 200) -> Entry:
    return Entry(status, (("content-type", content_type),), name, 1)


def asset(name: str) -> Entry:
    return page(name, "text/css")


def redirect(to: str, status: int = 301) -> Entry:
    return Entry(status, (("location", to), ("x-why", "moved")), "", 0)


@dataclass
class Site:
    paths: dict[str, Entry]
    rules: Rules = field(default_factory=lambda: Rules(()))
    not_found: tuple[str, ...] = ()
    before: dict[str, Entry] = field(default_factory=dict)

    def lookup(self, path: str) -> Entry | None:
        return self.paths.get(path)

    def older(self, path: str) -> Entry | None:
        return self.before.get(path)


def site(*rules: RedirectRule, **more: object) -> Site:
    paths = {path: page(path) for path in ("/", "/docs/", "/about", "/a/b/")}
    return Site(paths, Rules(rules), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("/about", "/about"),
        ("/about.html", "/about"),
        ("/index.html", "/"),
        ("/docs/index.html", "/docs/"),
    ],
)
def test_a_file_answers_at_its_address_and_at_its_name(path: str, canonical: str):
    assert resolve.resolve(site(), path, "") == Found(page(canonical), 200)


@pytest.mark.parametrize(
    ("path", "query", "to"),
    [
        ("/docs", "", "/docs/"),
        ("/about/", "", "/about"),
        ("/a/b", "x=1&y=%20", "/a/b/?x=1&y=%20"),
        ("/docs", "next=//evil.example", "/docs/?next=//evil.example"),
    ],
)
def test_a_slash_too_many_or_missing_is_put_right(path: str, query: str, to: str):
    assert resolve.resolve(site(), path, query) == Moved(308, to)


@pytest.mark.parametrize(
    "path", ["//", "/about//", "/docs//index.html", "/.html", "/xindex.html", "/docs/.html"]
)
def test_what_only_looks_like_an_address_is_not_one(path: str):
    assert resolve.resolve(site(), path, "") is None


def test_a_redirect_of_the_manifest_keeps_its_headers_and_the_query():
    paths = {"/old": redirect("/new"), "/out/": redirect("https://example.org/?a=b#c", 302)}
    assert resolve.resolve(Site(paths), "/old", "q=1") == Moved(301, "/new?q=1", (("x-why", "moved"),))
    assert resolve.resolve(Site(paths), "/old/", "") == Moved(301, "/new", (("x-why", "moved"),))
    assert resolve.resolve(Site(paths), "/out", "q") == Moved(
        302, "https://example.org/?a=b#c", (("x-why", "moved"),)
    )


def test_a_redirect_rule_wins_over_a_file():
    moved = resolve.resolve(site(RedirectRule("/ab*", "/new/:splat", 302)), "/about", "")
    assert moved == Moved(302, "/new/out")


def test_an_exact_redirect_wins_over_a_rule():
    ruled = Site({"/old": redirect("/exact")}, Rules([RedirectRule("/*", "/rule", 302)]))
    assert resolve.resolve(ruled, "/old", "") == Moved(301, "/exact", (("x-why", "moved"),))


def test_rules_are_tried_in_order_and_one_that_leads_to_itself_is_passed_over():
    rules = (RedirectRule("/x/*", "/x/:splat", 301), RedirectRule("/x/*", "/second", 302))
    assert resolve.resolve(site(*rules), "/x/y", "") == Moved(302, "/second")


def test_a_rewrite_answers_only_where_nothing_else_does():
    ruled = site(RedirectRule("/*", "/index.html", 200), not_found=("/about",))
    assert resolve.resolve(ruled, "/about", "") == Found(page("/about"), 200)
    assert resolve.resolve(ruled, "/docs", "") == Moved(308, "/docs/")
    assert resolve.resolve(ruled, "/some/view", "") == Found(page("/"), 200)


def test_a_rewrite_to_nowhere_leaves_the_404_page():
    ruled = site(RedirectRule("/*", "/gone", 200), not_found=("/about",))
    assert resolve.resolve(ruled, "/x", "") == Found(page("/about"), 404)


@pytest.mark.parametrize(
    "path",
    ["/app.1a2b3c4d.js", "/assets/index-DiwrgTda.js", "/s.0123456789abcdef.css.map", "/x-B2c4D6f8.woff2"],
)
def test_no_page_answers_for_a_missing_fingerprinted_asset(path: str):
    assert resolve.is_fingerprinted(path)
    assert resolve.resolve(site(RedirectRule("/*", "/", 200)), path, "") is None


@pytest.mark.parametrize(
    "path", ["/view/settings", "/user/john-doe", "/app.js", "/v1.2/notes", "/some-longer-name.css"]
)
def test_plain_names_hold_no_fingerprint(path: str):
    assert not resolve.is_fingerprinted(path)


def test_an_asset_of_an_older_snapshot_keeps_resolving():
    kept = site(RedirectRule("/*", "/", 200), before={"/old.1a2b3c4d.css": asset("old")})
    assert resolve.resolve(kept, "/old.1a2b3c4d.css", "") == Found(asset("old"), 200)


@pytest.mark.parametrize(
    "entry", [page("gone"), redirect("/x"), page("gone", "application/xhtml+xml"), page("e", "text/css", 404)]
)
def test_pages_and_redirects_of_older_snapshots_stay_gone(entry: Entry):
    assert resolve.resolve(site(before={"/gone": entry}), "/gone", "") is None


@pytest.mark.parametrize(
    ("path", "page_path"),
    [
        ("/x", "/404.html"),
        ("/docs/x", "/docs/404.html"),
        ("/docs/deep/x", "/docs/404.html"),
        ("/docsx", "/404.html"),
    ],
)
def test_the_nearest_404_page_answers(path: str, page_path: str):
    pages = {name: page(name) for name in ("/404.html", "/docs/404.html")}
    found = resolve.resolve(Site(pages, not_found=("/docs/404.html", "/404.html")), path, "")
    assert found == Found(page(page_path), 404)


PARTS = st.lists(
    st.sampled_from(
        ["/", "//", "\\", "..", ".", "evil.example", "@", ":", "?", "#", "\n", "\t", " ", "\u00e9", "a"]
    )
)


@given(
    PARTS.map("".join), PARTS.map("".join), st.sampled_from(["/:splat", "/x/:splat", "/:splat/y", ":splat"])
)
@settings(deadline=None, max_examples=300)
def test_no_path_turns_a_redirect_into_one_to_another_host(rest: str, query: str, target: str):
    for found in (
        resolve.resolve(Site({}, Rules([RedirectRule("/go/*", target, 302)])), f"/go/{rest}", query),
        resolve.resolve(Site({f"/{rest}/": page("x")}), f"/{rest}", query),
    ):
        if isinstance(found, Moved):
            assert found.location.startswith("/")
            assert not found.location.startswith(("//", "/\\"))
            assert found.location.isascii()
            assert found.location.isprintable()
            assert " " not in found.location


def test_a_path_with_dots_matches_no_redirect_rule():
    assert (
        resolve.resolve(site(RedirectRule("/go/*", "https://example.org/safe/:splat", 302)), "/go/../x", "")
        is None
    )


def test_a_query_goes_before_the_fragment_and_leaves_a_targets_own_alone():
    assert location.with_query("/a#top", "q=1") == "/a?q=1#top"
    assert location.with_query("/a?b=c", "q=1") == "/a?b=c"
    assert location.with_query("/a", "") == "/a"
