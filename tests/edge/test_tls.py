"""TLS as visitors speak it: old versions refused, h2 spoken, the local CA enough."""

from __future__ import annotations

import json
import ssl
import warnings
from collections.abc import Iterator

import pytest

from portico.edge.spec import Limits
from support import echoing, edging, h2visitor
from support.edging import LIVE, Edge


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    root = tmp_path_factory.mktemp("tls")
    with edging.prepared(root, limits=Limits(per_replica=50)) as made, echoing.replica(root, "a1"):
        made.start()
        yield made
        made.stop()


def speaking(edge: Edge, version: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> ssl.SSLContext:
    context = edge.context()
    context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(edge: Edge, version: ssl.TLSVersion):
    with pytest.raises(ssl.SSLError, match=r"(?i)version|unsupported"), edge.secure(speaking(edge, version)):
        pytest.fail("was taken")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_modern_tls_is_spoken_with_forward_secrecy(edge: Edge, version: ssl.TLSVersion):
    with edge.secure(speaking(edge, version)) as connection:
        cipher = connection.cipher()
    assert cipher
    assert cipher[0].startswith(("ECDHE-", "TLS_"))


@pytest.mark.parametrize("cipher", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256"])
def test_weak_ciphers_are_refused(edge: Edge, cipher: str):
    context = speaking(edge, ssl.TLSVersion.TLSv1_2, f"{cipher}:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError, match=r"(?i)handshake"), edge.secure(context):
        pytest.fail("was taken")


@pytest.mark.parametrize("protocol", ["h2", "http/1.1"])
def test_the_protocol_is_agreed_on(edge: Edge, protocol: str):
    with edge.secure(edge.context(protocol)) as connection:
        assert connection.selected_alpn_protocol() == protocol


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_session_is_resumed(edge: Edge, version: ssl.TLSVersion):
    context = speaking(edge, version)
    with edge.secure(context) as first:
        first.sendall(f"HEAD /page HTTP/1.1\r\nhost: {edge.host}\r\nconnection: close\r\n\r\n".encode())
        edging.everything(first)
        session = first.session
    with edging.resuming(edge, context, session) as second:
        assert second.session_reused


def test_a_page_comes_over_h2_and_is_shared_with_http1(edge: Edge):
    answer = h2visitor.ask(edge, "/shared", headers=[("accept-encoding", "br")])
    assert (answer.status, json.loads(answer.body)["path"]) == (200, f"/{LIVE}/shared")
    assert "age" in edge.get("/shared", accept_encoding=edging.BROWSER).headers


def test_the_query_is_dropped_for_the_cache_over_h2_too(edge: Edge):
    assert json.loads(h2visitor.ask(edge, "/query?a=b").body)["path"] == f"/{LIVE}/query?a=b"
    assert "age" in h2visitor.ask(edge, "/query?c=d").headers


TRICKS = [
    "/../x",
    "/a/..",
    "/%2e%2e/x",
    "/a%2fb",
    "/a%00b",
    "/a%5Cb",
    "//x",
    "/%zz",
    "/a\\b",
    "/" + "a" * 2048,
]


@pytest.mark.parametrize("path", TRICKS)
def test_tricks_get_a_clean_400_over_h2_too(edge: Edge, path: str):
    answer = h2visitor.ask(edge, path)
    assert answer.status == 400
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/a\x01b", "/a b", "/a\x00b", "x", "/a\rb: c", "*", ""])
def test_what_is_no_path_never_reaches_a_replica_over_h2(edge: Edge, path: str):
    """Newer versions of HAProxy take `*` for the root."""
    answer = h2visitor.ask(edge, path)
    assert answer.status in {0, 400} or json.loads(answer.body)["path"] == f"/{LIVE}/"


def test_the_other_refusals_hold_over_h2_too(edge: Edge):
    assert h2visitor.ask(edge, "/x", method="DELETE").status == 405
    assert h2visitor.ask(edge, "/x", method="POST", body=b"body").status == 405
    assert h2visitor.ask(edge, "/x", body=b"body").status == 413
    assert h2visitor.ask(edge, "/x", authority="example.org").status == 421
    assert h2visitor.ask(edge, "/x", headers=[(f"x-{number}", "y") for number in range(200)]).status in {
        0,
        400,
    }


def test_any_case_and_port_of_the_host_over_h2_find_the_same_page_in_the_cache(edge: Edge):
    h2visitor.ask(edge, "/cased")
    for authority in f"LOCALHOST:{edge.https_port}", "127.0.0.1", "localhost:1":
        answer = h2visitor.ask(edge, "/cased", authority=authority)
        assert (answer.status, "age" in answer.headers) == (200, True)


def test_many_streams_are_reset_at_once_and_the_door_stands(edge: Edge):
    """The page is in the cache: what one slow replica makes of a flood is not asked here."""
    edging.until(lambda: "age" in edge.get("/page").headers, "the page in the cache")
    h2visitor.reset_many(edge, 2000)
    assert edge.get("/page").status == 200
