from __future__ import annotations

import pytest

from portico.kit.errors import SourceError
from portico.snapshot import headers, pages, policy


def sent(name: str, facts: pages.Facts = pages.PLAIN, rules: str = "") -> dict[str, str]:
    subject = policy.Subject((f"/{name}",), name, facts)
    return dict(policy.headers_of(subject, headers.parse(rules, "_headers")))


@pytest.mark.parametrize(
    "name",
    ["app.3f2a9c1b.js", "index-DXk2a9bc.css", "a/b/font-4f3e2d1c.woff2", "chunk.1a2b3c4d5e6f.js.map",
     "app-5ZQ3JXWK.js", "logo_0badcafe1234.svg", "main.8f14e45fceea167a.js"],
)  # fmt: skip
def test_a_name_with_a_hash_in_it_is_kept_for_a_year(name):
    assert sent(name)["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "name",
    ["app.js", "bootstrap.bundle.js", "jquery-3.7.1.js", "report-20240131.pdf", "background.jpg",
     "sql-createtable.js", "photo-DSC00012345.jpg.html", "about.html", "post-3f2a9c1b.html",
     "background-1.png", "photo-iPhone15Pro.jpg", "clip-mp4video.js"],
)  # fmt: skip
def test_a_name_without_one_is_asked_for_again(name):
    assert sent(name)["cache-control"] == policy.MUTABLE


def test_a_page_gets_all_that_grades_best():
    found = sent("index.html")
    assert found["content-type"] == "text/html; charset=utf-8"
    assert found["content-security-policy"].startswith("default-src 'none'; base-uri 'none'; ")
    assert "unsafe" not in found["content-security-policy"]
    assert found["strict-transport-security"] == "max-age=63072000"
    assert found["x-frame-options"] == "DENY"
    assert found["referrer-policy"] == "strict-origin-when-cross-origin"
    assert found["cross-origin-opener-policy"] == found["cross-origin-resource-policy"] == "same-origin"


def test_anything_else_gets_the_short_set_and_may_be_shown_by_other_sites():
    assert sent("logo.png") == {
        "cache-control": policy.MUTABLE,
        "content-type": "image/png",
        "strict-transport-security": "max-age=63072000",
        "x-content-type-options": "nosniff",
    }


def test_a_picture_that_could_run_scripts_may_not():
    assert "sandbox" in sent("logo.svg")["content-security-policy"]


def test_the_site_overrides_and_detaches_each_header():
    found = sent(
        "index.html", rules="/*\n  X-Frame-Options: SAMEORIGIN\n  ! Permissions-Policy\n  X-Own: 1\n"
    )
    assert found["x-frame-options"] == "SAMEORIGIN"
    assert "permissions-policy" not in found
    assert found["x-own"] == "1"


def test_what_a_page_brings_itself_may_run():
    facts = pages.Facts(
        scripts=("sha256-a",), handlers=("sha256-b",), style_attributes=("sha256-c",), base=True
    )
    csp = sent("index.html", facts)["content-security-policy"]
    assert "script-src 'self' 'sha256-a';" in csp
    assert "script-src-attr 'unsafe-hashes' 'sha256-b'" in csp
    assert "style-src-attr 'unsafe-hashes' 'sha256-c'" in csp
    assert "base-uri 'self'" in csp


def test_more_style_hashes_than_fit_loosen_styles_and_nothing_else():
    hashes = tuple(f"sha256-{number:044d}" for number in range(200))
    csp = sent("index.html", pages.Facts(scripts=("sha256-a",), style_attributes=hashes))[
        "content-security-policy"
    ]
    assert "style-src 'self' 'unsafe-inline'" in csp
    assert "script-src 'self' 'sha256-a'" in csp
    assert "style-src-attr" not in csp


def test_headers_too_long_for_a_proxy_are_refused():
    rules = "/*\n" + "".join(f"  X-{number}: {'x' * 900}\n" for number in range(10))
    with pytest.raises(SourceError, match="expected headers of at most 8,192 bytes"):
        sent("index.html", rules=rules)


def test_a_page_in_another_charset_says_so_itself():
    assert sent("index.html", pages.Facts(utf8=False))["content-type"] == "text/html"
