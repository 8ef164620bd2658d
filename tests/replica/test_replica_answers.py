"""A real replica, asked over its socket as the edge asks."""

from __future__ import annotations

import gzip
import re
import time
from email.utils import parsedate_to_datetime

import brotli
import pytest
import zstandard

from portico.kit import unixsocket
from support.variedsite import ALL, LONG, SECURE, WORDS, Served

DECODE = {
    "": bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


def test_a_page_is_answered_with_the_manifests_headers(served: Served):
    reply = served.get("/about")
    assert (reply.status, reply.body) == (200, b"about us")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-length"] == "8"
    assert reply.headers["accept-ranges"] == "bytes"
    for name, value in SECURE:
        assert reply.headers[name] == value


def test_a_path_is_found_by_its_decoded_name(served: Served):
    assert served.get("/caf%C3%A9%20au%20lait").body == b"coffee"
    assert served.get("/%61bout").body == b"about us"


@pytest.mark.parametrize("encoding", ["", *ALL])
def test_each_coding_is_answered_with_the_bytes_that_it_names(served: Served, encoding: str):
    reply = served.get("/", accept_encoding=encoding or "identity")
    assert reply.headers.get("content-encoding", "") == encoding
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert DECODE[encoding](reply.body) == WORDS
    assert reply.headers["vary"] == "accept-encoding"


def test_the_same_url_varies_with_a_distinct_tag_for_each_coding(served: Served):
    tags = {served.get("/", accept_encoding=name).headers["etag"] for name in ("identity", *ALL)}
    assert len(tags) == 4


def test_a_body_without_encodings_does_not_vary(served: Served):
    reply = served.get("/logo.png", accept_encoding="br, gzip")
    assert reply.body == b"0123456789"
    assert not reply.headers.keys() & {"vary", "content-encoding"}


def test_a_long_body_has_encodings_too(served: Served):
    reply = served.get("/list.json", accept_encoding="gzip, zstd")
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(reply.body) == LONG


@pytest.mark.parametrize("path", ["/", "/about", "/film.mp4", "/empty.txt", "/nothing", "/docs", "/old"])
@pytest.mark.parametrize("accept", ["identity", "br"])
def test_head_says_what_get_would_say_and_sends_nothing(served: Served, path: str, accept: str):
    head, get = (served.get(path, method, accept_encoding=accept) for method in ("HEAD", "GET"))
    assert head.body == b""
    assert head.status == get.status
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_an_unchanged_page_is_not_sent_again(served: Served):
    first = served.get("/", accept_encoding="br")
    again = served.get("/", accept_encoding="br", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    for name in ("etag", "vary", "cache-control", "last-modified", "content-security-policy"):
        assert again.headers[name] == first.headers[name]
    assert not again.headers.keys() & {"content-type", "content-encoding"}


def test_a_tag_of_another_coding_is_not_this_page(served: Served):
    tag = served.get("/", accept_encoding="br").headers["etag"]
    assert served.get("/", accept_encoding="gzip", if_none_match=tag).status == 200


def test_a_page_older_than_the_visitors_date_is_not_sent_again(served: Served):
    modified = served.get("/about").headers["last-modified"]
    assert served.get("/about", if_modified_since=modified).status == 304
    assert served.get("/about", if_modified_since="Mon, 01 Jan 2001 00:00:00 GMT").status == 200
    assert served.get("/about", if_none_match='"other"', if_modified_since=modified).status == 200


def test_the_date_of_a_page_is_never_in_the_future(served: Served):
    modified = served.get("/about").headers["last-modified"]
    assert parsedate_to_datetime(modified).timestamp() <= time.time()


@pytest.mark.parametrize(("path", "whole"), [("/logo.png", b"0123456789"), ("/film.mp4", LONG)])
def test_a_range_is_a_part_of_the_raw_body(served: Served, path: str, whole: bytes):
    for asked, part in (
        ("bytes=2-5", whole[2:6]),
        ("bytes=4-", whole[4:]),
        ("bytes=-3", whole[-3:]),
        ("bytes=0-999999999", whole),
    ):
        reply = served.get(path, range=asked, accept_encoding="br")
        assert (reply.status, reply.body) == (206, part)
        start = whole.index(part) if part != whole else 0
        at = len(whole) - 3 if asked == "bytes=-3" else start
        assert reply.headers["content-range"] == f"bytes {at}-{at + len(part) - 1}/{len(whole)}"
        assert int(reply.headers["content-length"]) == len(part)


def test_a_range_is_never_of_an_encoding(served: Served):
    reply = served.get("/", range="bytes=0-14", accept_encoding="br")
    assert (reply.status, reply.body) == (206, b"<!doctype html>")
    assert "content-encoding" not in reply.headers
    assert reply.headers["vary"] == "accept-encoding"
    assert reply.headers["etag"] == served.get("/").headers["etag"]


def test_a_range_that_lies_behind_the_end_gets_416(served: Served):
    reply = served.get("/logo.png", range="bytes=10-")
    assert (reply.status, reply.body) == (416, b"")
    assert reply.headers["content-range"] == "bytes */10"
    assert served.get("/empty.txt", range="bytes=0-").status == 416


@pytest.mark.parametrize("asked", ["bytes=1-2,4-5", "bytes=9-1", "lines=1-2", "bytes=x"])
def test_a_range_that_is_not_one_gets_the_whole(served: Served, asked: str):
    reply = served.get("/logo.png", range=asked)
    assert (reply.status, reply.body) == (200, b"0123456789")


def test_if_range_guards_against_parts_of_another_body(served: Served):
    tag = served.get("/logo.png").headers["etag"]
    assert served.get("/logo.png", range="bytes=0-1", if_range=tag).status == 206
    assert served.get("/logo.png", range="bytes=0-1", if_range='"other"').status == 200
    assert served.get("/logo.png", "HEAD", range="bytes=0-1").status == 200


@pytest.mark.parametrize(
    ("path", "status", "to"),
    [
        ("/docs", 308, "/docs/"),
        ("/about/?a=b", 308, "/about?a=b"),
        ("/caf%C3%A9%20au%20lait/", 308, "/caf%C3%A9%20au%20lait"),
        ("/old", 301, "/about"),
        ("/old?x=%22", 301, "/about?x=%22"),
        ("/shop", 302, "https://shop.example/"),
        ("/blog/2024/hello", 301, "/posts/hello?from=2024"),
        ("/go//evil.example/x", 302, "/evil.example/x"),
        ("/go/%5Cevil.example", 302, "/%5Cevil.example"),
        ("/go/a%0d%0aset-cookie:x", 302, "/a%0D%0Aset-cookie:x"),
    ],
)
def test_redirects(served: Served, path: str, status: int, to: str):
    reply = served.get(path)
    assert (reply.status, reply.headers["location"], reply.body) == (status, to, b"")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in reply.headers


def test_a_rewrite_answers_in_place(served: Served):
    assert (served.get("/app/any/view").status, served.get("/app/any/view").body) == (200, b"about us")
    assert served.get("/app/main.1a2b3c4d.js").status == 404


@pytest.mark.parametrize(("path", "body"), [("/docs/x", b"no such docs"), ("/x", b"nothing here" * 100)])
def test_the_sites_own_404_page_answers_and_is_kept_by_nobody(served: Served, path: str, body: bytes):
    reply = served.get(path)
    assert (reply.status, reply.body) == (404, body)
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-security-policy"] == "default-src 'self'"
    assert not reply.headers.keys() & {"etag", "last-modified"}


def test_a_404_page_comes_encoded_too(served: Served):
    reply = served.get("/x", accept_encoding="br")
    assert reply.headers["content-encoding"] == "br"
    assert brotli.decompress(reply.body) == b"nothing here" * 100


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_another_method_is_not_allowed(served: Served, method: str):
    reply = served.get("/about", method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert reply.headers["cache-control"] == "no-store"


def test_options_says_what_is_allowed(served: Served):
    reply = served.get("/about", "OPTIONS")
    assert (reply.status, reply.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/about",
        "/favicon.ico",
        f"/{'a' * 63}/",
        f"/{'A' * 64}/",
        f"/{'a' * 64}",
        f"/{'g' * 64}/",
        "//",
        "/-/x",
        "/-",
    ],
)
def test_an_address_without_a_snapshot_is_nothing(served: Served, target: str):
    reply = served.replica.ask(target)
    assert reply.status == 404
    assert reply.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/../about", "/%2e%2e/%2e%2e/etc/passwd", "/%00", "/%ff%fe", "/" + "x" * 5000, "/a\\..\\b"]
)
def test_tricks_with_paths_find_nothing(served: Served, path: str):
    assert served.get(path).status == 404


def test_a_snapshot_that_is_not_here_is_for_another_replica_to_answer(served: Served):
    reply = served.replica.ask(f"/{'ab' * 32}/about")
    assert reply.status == 503
    assert reply.headers["retry-after"] == "1"
    assert reply.headers["cache-control"] == "no-store"


def test_live_says_who_it_is_and_what_it_holds(served: Served):
    assert served.replica.live() == {
        "name": "a1",
        "pid": served.replica.process.pid,
        "snapshots": [served.snapshot],
        "refused": [],
    }


def test_ready_when_the_newest_snapshot_verifies(served: Served):
    assert served.replica.ask("/-/ready").status == 200


def test_metrics_count_visitors_and_not_watchers(served: Served):
    def counted() -> dict[str, float]:
        text = served.replica.ask("/-/metrics").body.decode()
        assert text.endswith("# EOF\n")
        return {name: float(value) for name, value in re.findall(r"^([a-z_]\S*) (\S+)$", text, re.MULTILINE)}

    before = counted()
    served.get("/about")
    served.get("/about", "HEAD")
    served.replica.live()
    after = counted()
    requests = 'portico_replica_requests_total{code="200"}'
    assert after[requests] - before.get(requests, 0) == 2
    assert after["portico_replica_sent_bytes_total"] - before["portico_replica_sent_bytes_total"] == 8
    assert after["portico_replica_uptime_seconds"] > 0
    assert after["portico_replica_refused_files"] == 0
    assert after["portico_replica_cached_shards"] >= 1
    assert after["portico_replica_resident_memory_bytes"] > 1 << 20


def test_one_connection_carries_many_requests(served: Served):
    connection = unixsocket.HTTPConnection(served.replica.socket, 10)
    try:
        for path, status in [
            ("/about", 200),
            ("/film.mp4", 200),
            ("/x", 404),
            ("/docs", 308),
            ("/about", 200),
        ]:
            connection.request("GET", f"/{served.snapshot}{path}")
            response = connection.getresponse()
            response.read()
            assert response.status == status
    finally:
        connection.close()
