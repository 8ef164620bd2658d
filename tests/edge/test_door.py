"""The rules of the door, asked over real connections to a real HAProxy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from support import echoing, edging
from support.edging import BROWSER, LIVE, Answer, Edge


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    root = tmp_path_factory.mktemp("door")
    with edging.prepared(root) as edge, echoing.replica(root, "a1"), echoing.replica(root, "b1"):
        edge.start()
        yield edge
        edge.stop()


def seen(answer: Answer) -> dict:
    """What the replica was asked."""
    assert answer.status == 200, answer.text
    return json.loads(answer.body)


def assert_calm(answer: Answer) -> None:
    """The edge's own page, with the security headers."""
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "<h1>" in answer.text


def test_a_page_comes_from_the_live_snapshot(door: Edge):
    assert seen(door.get("/page"))["path"] == f"/{LIVE}/page"


def test_a_page_is_asked_for_once_and_then_comes_from_the_cache(door: Edge):
    first, second = door.get("/kept"), door.get("/kept")
    assert "age" not in first.headers
    assert int(second.headers["age"]) >= 0
    assert second.body == first.body


def test_visitors_are_told_to_ask_again_also_by_the_cache(door: Edge):
    for _ in range(2):
        answer = door.get("/fresh")
        assert answer.headers["cache-control"] == "public, max-age=00, must-revalidate"
    assert "age" in answer.headers


def test_a_known_copy_is_answered_304_from_the_cache(door: Edge):
    etag = door.get("/known", accept_encoding=BROWSER).headers["etag"]
    again = door.get("/known", accept_encoding=BROWSER, if_none_match=etag)
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == etag


@pytest.mark.parametrize(
    "wish", [{"cache_control": "no-cache"}, {"cache_control": "max-age=0"}, {"pragma": "no-cache"}]
)
def test_a_reload_in_the_browser_comes_from_the_cache_too(door: Edge, wish: dict[str, str]):
    door.get("/reloaded")
    assert "age" in door.get("/reloaded", **wish).headers


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip, zstd", "zstd"),
        ("GZIP;Q=1.0", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000, zstd ; q=0, gzip;q=0.1", "gzip"),
        ("br;q=0.001", "br"),
        ("gzip;q=0", "identity"),
        ("x-br, bra, agzip", "identity"),
        ("identity", "identity"),
        ("*", "identity"),
        (None, "identity"),
    ],
)
def test_one_coding_is_chosen_and_the_cache_never_mixes_them(door: Edge, accepted: str | None, coding: str):
    wish = {"accept_encoding": accepted} if accepted else {}
    for _ in range(2):
        answer = door.get("/coded", **wish)
        assert seen(answer)["coding"] == coding
        assert answer.headers.get("content-encoding", "identity") == coding
    assert "age" in answer.headers


@pytest.mark.parametrize("accepted", [BROWSER, "identity;q=1, *;q=0"])
def test_a_range_is_asked_of_a_replica_also_when_the_whole_is_in_the_cache(door: Edge, accepted: str):
    whole = [door.get("/ranged", accept_encoding=accepted) for _ in range(2)]
    assert "age" in whole[1].headers
    part = door.get("/ranged", accept_encoding=accepted, range="bytes=0-9")
    assert "age" not in part.headers
    assert seen(part)["path"] == f"/{LIVE}/ranged"
    assert "range" in seen(part)["headers"]
    assert door.get("/ranged", accept_encoding=accepted).body == whole[0].body


def test_the_query_is_no_key_of_the_cache_but_the_replica_gets_it(door: Edge):
    first = seen(door.get("/asked?utm=1&b=%20"))
    assert first["path"] == f"/{LIVE}/asked?utm=1&b=%20"
    assert "age" in door.get("/asked?utm=2").headers


def test_a_visitor_cannot_choose_the_snapshot(door: Edge):
    other = "9" * 64
    assert seen(door.get(f"/{other}/x"))["path"] == f"/{LIVE}/{other}/x"
    assert seen(door.get(f"/br/{other}/x"))["path"] == f"/{LIVE}/br/{other}/x"
    chosen = seen(door.get("/headers", x_portico_snapshot=other, x_portico_cluster="b", x_portico_other="1"))
    assert chosen["path"] == f"/{LIVE}/headers"
    assert not [name for name in chosen["headers"] if name.startswith("x-portico")]


def test_nothing_tells_about_the_inside(door: Edge):
    for _ in range(2):
        headers = door.get("/quiet").headers
        assert not {"server", "via", "x-portico-name"} & headers.keys()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"])
def test_only_reading_is_allowed(door: Edge, method: str):
    answer = door.get("/page", method=method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert_calm(answer)


def test_a_post_is_refused_before_its_body_came(door: Edge):
    head = f"POST /form HTTP/1.1\r\nhost: {door.host}\r\ncontent-length: 1000000\r\n\r\n"
    with door.secure() as connection:
        connection.sendall(head.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 405 ")


def test_head_has_the_headers_of_get_and_no_body(door: Edge):
    full, head = door.get("/headed"), door.get("/headed", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize("headers", [{}, {"transfer_encoding": "chunked"}])
def test_a_body_where_none_belongs_is_refused(door: Edge, headers: dict[str, str]):
    body = b"5\r\nhello\r\n0\r\n\r\n" if headers else b"hello"
    assert_calm(refused := door.get("/body", body=body, **headers))
    assert refused.status == 413


@pytest.mark.parametrize(
    "host", ["LOCALHOST:{port}", "localhost", "127.0.0.1:{port}", "localhost:1", "127.0.0.1"]
)
def test_the_port_and_the_case_of_a_known_host_do_not_matter(door: Edge, host: str):
    door.get("/hosted")
    answer = door.get("/hosted", host=host.format(port=door.https_port))
    assert answer.status == 200
    assert "age" in answer.headers, "the cache holds a page once for all names"


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "xlocalhost", "[::1]", "127.0.0.2"])
def test_an_unknown_host_gets_421(door: Edge, host: str):
    answer = door.get("/hosted", host=host)
    assert answer.status == 421
    assert_calm(answer)


TRICKS = [
    "/../etc/passwd",
    "/a/../../b",
    "/a/..",
    "/a/.",
    "/./a",
    "/%2e%2e/a",
    "/.%2E/a",
    "/a%2fb",
    "/a%2Fb",
    "/a%5cb",
    "/a%5Cb",
    "/a%00",
    "/a%0d%0aset-cookie:x",
    "/a%1f",
    "/a%7f",
    "/a%",
    "/a%2",
    "/a%zz",
    "//evil.example.org/",
    "/a\\b",
    '/a"b',
    "/a<b>",
    "/a|b",
    "/a^b`{c}",
    "/" + "a" * 2048,
    "/a?" + "q" * 2049,
]


@pytest.mark.parametrize("path", TRICKS)
def test_a_trick_with_the_path_gets_a_clean_400(door: Edge, path: str):
    answer = door.get(path)
    assert answer.status == 400
    assert_calm(answer)


@pytest.mark.parametrize("path", ["/a\x01b", "/a\x7fb", "/a\x00b", "/\x0b", "/caf\xe9", "/a\tb"])
def test_raw_control_characters_never_reach_a_replica(door: Edge, path: str):
    request = f"GET {path} HTTP/1.1\r\nhost: {door.host}\r\nconnection: close\r\n\r\n".encode("latin-1")
    assert door.raw(request).startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/a.b/c..d",
        "/...",
        "/a%20b",
        "/%E2%82%AC",
        "/a~b_c-d!$&'()*+,;=:@",
        "/.well-known/x",
        "/" + "a" * 2047,
    ],
)
def test_an_honest_path_passes(door: Edge, path: str):
    assert seen(door.get(path))["path"] == f"/{LIVE}{path}"


def test_a_header_bomb_is_refused(door: Edge):
    many = {f"x-{number}": "y" for number in range(200)}
    assert door.get("/bomb", **many).status in {400, 431}
    assert door.get("/bomb", x_long="y" * 20000).status in {400, 431}


def test_smuggling_by_two_lengths_is_refused(door: Edge):
    lines = "GET / HTTP/1.1", f"host: {door.host}", "content-length: 5", "content-length: 6", "", "hello"
    assert b" 400 " in door.raw("\r\n".join(lines).encode())[:20]


def test_every_error_of_the_edge_is_a_small_calm_page(door: Edge):
    page = door.get("/page", method="POST").text
    assert re.search(r"<title>(.+)</title>.*<h1>\1</h1>", page)
    assert len(page) < 600


def test_plain_http_sends_to_https_with_the_right_port_and_the_whole_address(door: Edge):
    answer = door.plain("/a/b?c=d", host=f"LOCALHOST:{door.http_port}")
    assert answer.status == 308
    assert answer.headers["location"] == f"https://localhost:{door.https_port}/a/b?c=d"


def test_plain_http_does_not_redirect_for_an_unknown_host(door: Edge):
    answer = door.plain("/", host="evil.example.org")
    assert answer.status == 421
    assert "location" not in answer.headers


def test_what_the_replica_wants_kept_from_caches_is_kept_from_this_one(door: Edge):
    for _ in range(2):
        answer = door.get("/secret")
        assert answer.headers["cache-control"] == "no-store"
        assert "age" not in answer.headers


def test_a_missing_page_is_not_kept(door: Edge):
    for _ in range(2):
        answer = door.get("/status/404")
        assert answer.status == 404
        assert "age" not in answer.headers
