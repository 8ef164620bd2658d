from __future__ import annotations

import pytest

from portico.kit.errors import SourceError
from portico.snapshot import headers


def parse(text: str) -> headers.Rules:
    return headers.parse(text, "_headers")


def test_headers_hold_for_the_paths_that_match():
    rules = parse("# all\n/*\n  X-One: 1\n\n/docs/:page\n\tX-Two: a: b\n")
    assert rules.resolve("/") == {"x-one": "1"}
    assert rules.resolve("/docs/a") == {"x-one": "1", "x-two": "a: b"}
    assert rules.resolve("/docs/a/b") == {"x-one": "1"}


def test_values_of_several_rules_are_joined():
    rules = parse("/*\n  Link: </a>\n/docs/*\n  link: </b>\n")
    assert rules.resolve("/docs/x") == {"link": "</a>, </b>"}


def test_a_header_is_detached_and_may_be_set_anew():
    rules = parse("/*\n  X-A: 1\n/docs/*\n  ! X-A\n/docs/new\n  X-A: 2\n")
    assert rules.resolve("/docs/x") == {"x-a": None}
    assert rules.resolve("/docs/new") == {"x-a": "2"}


def test_a_page_is_matched_by_its_clean_path_and_by_its_file():
    rules = parse("/about.html\n  X-A: 1\n")
    assert rules.resolve("/about", "/about.html") == {"x-a": "1"}
    assert rules.resolve("/about") == {}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("  X-A: 1", 1, "expected a path before the first header"),
        ("X-A: 1", 1, "headers are indented below their path"),
        ("https://example.com/*\n  X-A: 1", 1, "only Cloudflare knows host names"),
        ("/*/*\n", 1, "expected at most one *"),
        ("/:a/:a\n", 1, "expected names that differ"),
        ("/*\n  X-A", 2, "expected `Name: value`"),
        ("/*\n  X-A:", 2, "expected `Name: value`"),
        ("/*\n  X A: 1", 2, "expected a header's name"),
        ("/*\n  X-A: a\x07b", 2, "expected printable ASCII"),
        ("/*\n  X-A: a\rSet-Cookie: b", 2, "expected printable ASCII"),
        ("/*\n  X-A: é", 2, "expected printable ASCII"),
        ("/*\n  Content-Length: 1", 2, "the server does that"),
        ("/*\n  Transfer-Encoding: chunked", 2, "the server does that"),
        ("/*\n  Connection: close", 2, "it belongs to one connection"),
        ("/*\n  ! Connection", 2, "it belongs to one connection"),
        ("/*\n  Set-Cookie: a=b", 2, "a frozen page is the same for all"),
        ("/*\n  Location: /x", 2, "use _redirects"),
        ("/*\n  Basic-Auth: a:b", 2, "only Netlify knows it"),
        ("/a/*\n  X-A: /b/:splat", 2, "only Cloudflare fills :splat"),
        ("/*\n  X-Portico-Snapshot: 1", 2, "x-portico- is Portico's"),
    ],
)
def test_what_may_not_be_set_is_refused_with_its_place(text, line, message):
    with pytest.raises(SourceError) as caught:
        parse(text)
    assert message in str(caught.value)
    assert caught.value.where == f"_headers:{line}"


def test_too_many_rules_are_refused():
    with pytest.raises(SourceError, match="at most 100 rules, got 101"):
        parse("\n".join(f"/{n}\n  X-A: 1" for n in range(101)))
