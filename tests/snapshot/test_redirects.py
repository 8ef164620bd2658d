from __future__ import annotations

import pytest

from portico.kit.errors import SourceError
from portico.model import RedirectRule
from portico.snapshot import redirects
from portico.snapshot.redirects import Answer


def parse(text: str) -> redirects.Rules:
    return redirects.parse(text, "_redirects")


def test_comments_and_blank_lines_are_skipped():
    rules = parse("# moved\n\n/a /b 301\n   # and more\r\n/c /d\r\n")
    assert rules.answer("/a", has_file=False) == Answer(3, 301, "/b")
    assert rules.answer("/c", has_file=False) == Answer(5, 302, "/d")
    assert rules.answer("/e", has_file=False) is None


def test_a_splat_takes_the_rest_of_the_path_along():
    rules = parse("/blog/* /news/:splat 301")
    assert rules.answer("/blog/2024/a b", has_file=False) == Answer(1, 301, "/news/2024/a%20b")
    assert rules.answer("/blog/", has_file=False) == Answer(1, 301, "/news/")
    assert rules.answer("/blog", has_file=False) is None


def test_placeholders_stand_for_one_segment_each():
    rules = parse("/:year/:slug /a/posts/:slug?year=:year 308")
    assert rules.answer("/2024/hello", has_file=False) == Answer(1, 308, "/a/posts/hello?year=2024")
    assert rules.answer("/2024/hello/more", has_file=False) is None


def test_the_first_match_wins_exact_or_not():
    assert parse("/a/x /one\n/a/* /two").answer("/a/x", has_file=False) == Answer(1, 302, "/one")
    assert parse("/a/* /two\n/a/x /one").answer("/a/x", has_file=False) == Answer(1, 302, "/two")


def test_a_rewrite_steps_aside_for_a_file_and_lets_later_rules_have_their_turn():
    rules = parse("/* /index.html 200\n/old/* /new/:splat 301")
    assert rules.answer("/old/a", has_file=False) == Answer(1, 200, "/index.html")
    assert rules.answer("/old/a", has_file=True) == Answer(2, 301, "/new/a")


def test_a_visitor_cannot_make_a_redirect_to_another_host():
    answer = parse("/go/* /:splat 302").answer("/go//evil.example/x", has_file=False)
    assert answer == Answer(1, 302, "/evil.example/x")


def test_a_redirect_to_another_host_is_fine_when_the_site_names_it():
    answer = parse("/go/* https://example.org/:splat").answer("/go/x", has_file=False)
    assert answer == Answer(1, 302, "https://example.org/x")


def test_a_line_that_is_never_reached_is_told():
    assert parse("/a /b\n/a /c").unreached == ("_redirects:2: never reached, line 1 answers /a first",)


def test_dynamic_rules_are_kept_for_the_replicas():
    (rule,) = parse("/caf%C3%A9/* /k%C3%A4se/:splat 200").dynamic
    assert rule.rule == RedirectRule("/café/*", "/k%C3%A4se/:splat", 200)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("/a", "expected `from to [status]`"),
        ("/a /b 301 x", "expected `from to [status]`"),
        ("a /b", "expected a path that begins with one /, got a"),
        ("/a b", "expected a path or an http(s) address, got b"),
        ("/a //evil.example", "expected a path or an http(s) address"),
        ("/a javascript:x", "expected a path or an http(s) address"),
        ("/a /b 304", "expected one of the statuses 200, 301, 302, 303, 307, 308, got 304"),
        ("/a /b 404", "the site's own page for that is 404.html"),
        ("/a /b 301!", "only Netlify knows 301!"),
        ("/a id=:id /b", "only Netlify knows conditions like id=:id"),
        ("/a /b 302 Country=de", "only Netlify knows conditions like Country=de"),
        ("/a /b # moved", "only Netlify knows comments behind a rule"),
        ("https://example.com/a /b", "this site has one host"),
        ("/a https://example.com/a 200", "use 302"),
        ("/a*/b /c", "expected * only once, at the end"),
        ("/a* /c", "expected * only once, at the end"),
        ("/a/:b-c /c", "expected each :name to fill its segment"),
        ("/a/:b/:b /c", "expected names that differ"),
        ("/a/* /c/:name", "expected :name in /a/* too"),
        ("/a/* /c/*", "expected :splat for what * stands for"),
        ("/a?x=1 /b", "without ? and #"),
        ("/a /b?x=1 200", "without ? and #"),
        ("/a /a 301", "expected another target than the rule's own path"),
        ("/* /en/:splat 302", "expected another target than the rule's own path"),
        ("/%ff /b", "expected UTF-8"),
        ("/a /b\x01", "expected no control characters"),
    ],
)
def test_a_line_that_means_nothing_here_is_refused_with_its_place(line, message):
    with pytest.raises(SourceError) as caught:
        parse(f"# one\n{line}\n")
    assert message in str(caught.value)
    assert caught.value.where == "_redirects:2"


def test_too_many_rules_are_refused():
    parse("\n".join(f"/{n} /x" for n in range(2000)))
    with pytest.raises(SourceError, match="expected at most 2,000 exact rules, got 2,001"):
        parse("\n".join(f"/{n} /x" for n in range(2001)))
    with pytest.raises(SourceError, match="at most 100 dynamic"):
        parse("\n".join(f"/{n}/* /x" for n in range(101)))
