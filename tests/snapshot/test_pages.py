from __future__ import annotations

import base64
import hashlib

import pytest

from portico.snapshot import pages


def hash_of(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def links(html: str, path: str = "/docs/a") -> pages.Links:
    return pages.parse(html.encode(), path).links


def facts(html: str) -> pages.Facts:
    return pages.parse(html.encode(), "/").facts


def test_links_and_assets_are_told_apart():
    found = links(
        '<link rel="stylesheet" href="s.css"><link rel="next" href="b"><script src="/a.js"></script>'
        '<a href="../x.html#top">x</a><img src="p.png" srcset="p1.png 1x, p2.png 2x"><video poster="v.jpg">'
        '<source src="v.mp4"></video><object data="o.pdf"></object><svg><use href="sprite.svg#a"/></svg>'
    )
    assert found.pages == ("/docs/b", "/x.html")
    assert found.assets == (
        "/a.js", "/docs/o.pdf", "/docs/p.png", "/docs/p1.png", "/docs/p2.png", "/docs/s.css",
        "/docs/sprite.svg", "/docs/v.jpg", "/docs/v.mp4",
    )  # fmt: skip


def test_what_leads_elsewhere_is_left_out():
    found = links(
        '<a href="https://example.org/x">1</a><a href="mailto:a@b.c">2</a><a href="//cdn.example/x">3</a>'
        '<a href="#top">4</a><a href="?q=1">5</a><img src="data:,x"><a href="tel:1">6</a><a>7</a>'
        '<link rev="made" href="a@b.c"><link rel="preconnect" href="x">'
    )
    assert found == pages.Links()


def test_origins_that_a_page_loads_from_are_noted():
    assert facts('<script src="https://cdn.example/x.js"></script><img src="//img.example/y">').elsewhere == (
        "https://cdn.example",
        "https://img.example",
    )


def test_a_base_moves_relative_links():
    assert links('<base href="/en/"><a href="x">x</a>').pages == ("/en/x",)
    assert links('<base href="https://other.example/"><a href="x">x</a><a href="/y">y</a>') == pages.Links()
    assert facts('<base href="/en/">').base


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("b", "/docs/b"), ("./b", "/docs/b"), ("../b", "/b"), ("../../../b", "/b"), ("..", "/"),
        (".", "/docs/"),
        ("/x/./y/../z", "/x/z"), ("caf%C3%A9", "/docs/café"), (" b \n", "/docs/b"), ("b?x=1#y", "/docs/b"),
        ("", None), ("#a", None), ("HTTPS://x/", None), ("a:b", None), ("/.well-known/x", "/.well-known/x"),
    ],
)  # fmt: skip
def test_a_reference_is_resolved_as_browsers_do(reference, target):
    assert pages.resolve(reference, "/docs/a") == target


def test_inline_scripts_styles_and_attributes_are_hashed_as_browsers_do():
    found = facts(
        "<style>b{}\r\n</style><script>a &lt; b</script><script type=module>m</script>"
        '<script type="application/ld+json">{}</script><script src="x.js">not run</script>'
        '<p style="color: red" onclick="go(&quot;x&quot;)">'
    )
    assert found.styles == (hash_of("b{}\n"),)
    assert set(found.scripts) == {hash_of("a &lt; b"), hash_of("m")}
    assert found.style_attributes == (hash_of("color: red"),)
    assert found.handlers == (hash_of('go("x")'),)


def test_a_page_in_another_charset_is_noticed():
    assert not pages.parse("<p>é".encode("latin-1"), "/").facts.utf8


def test_facts_survive_the_memory():
    found = facts("<style>b{}</style><p style='x: y'>")
    assert pages.Facts.unpack(found.pack()) == found
    assert pages.PLAIN.pack() == {}


def test_a_style_sheets_pictures_and_fonts_are_assets():
    css = (
        "@import 'b.css'; /* url(no.png) */ a{background:url(x.png)}"
        "@font-face{src:url('../f.woff2')} b{c:url(data:,)}"
    )
    assert pages.parse_style(css.encode(), "/css/a.css").links.assets == (
        "/css/b.css",
        "/css/x.png",
        "/f.woff2",
    )
