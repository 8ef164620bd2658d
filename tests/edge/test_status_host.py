"""The status page is a second site behind the same edge: its own host, its own map, the same rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from portico.edge import authority, certificate, livemap, shield
from portico.model import STATUS
from support import echoing, edging
from support.edging import BROWSER, LIVE, NEXT, Answer, Edge

HOST = "status.localhost"
OTHER = "5" * 64
MULTIPART = b'--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    root = tmp_path_factory.mktemp("status")
    with edging.prepared(root, status_host=HOST) as edge, echoing.replica(root, "a1"):
        livemap.write(root, OTHER, STATUS)
        edge.start()
        yield edge
        edge.stop()


def asked(answer: Answer) -> str:
    assert answer.status == 200, answer.text
    return str(json.loads(answer.body)["path"])


@pytest.mark.parametrize("host", [HOST, "STATUS.localhost", f"{HOST}:8443"])
def test_the_status_host_gets_the_status_pages_snapshot(door: Edge, host: str):
    assert asked(door.get("/page", host=host)) == f"/{OTHER}/page"


def test_the_sites_host_goes_on_getting_the_sites(door: Edge):
    assert asked(door.get("/page")) == f"/{LIVE}/page"


def test_a_browser_never_gets_the_one_sites_cached_page_for_the_others(door: Edge):
    """The same path, from the cache of the first look, on both hosts."""
    for _ in range(2):
        first = door.get("/both", accept_encoding=BROWSER)
        other = door.get("/both", host=HOST, accept_encoding=BROWSER)
        assert (asked(first), asked(other)) == (f"/{LIVE}/both", f"/{OTHER}/both")
    assert "age" in first.headers
    assert "age" in other.headers


def test_a_name_that_begins_alike_is_nobodys(door: Edge):
    assert door.get("/", host=f"{HOST}.example.com", accept_encoding=BROWSER).status == 421


def test_plain_http_leads_the_status_host_to_itself(door: Edge):
    answer = door.plain("/x", host=HOST)
    assert answer.headers["location"].startswith(f"https://{HOST}:")


def test_a_flip_of_the_one_leaves_the_other(door: Edge):
    door.runtime.flip(NEXT, STATUS)
    try:
        assert asked(door.get("/flipped", host=HOST)) == f"/{NEXT}/flipped"
        assert asked(door.get("/flipped")) == f"/{LIVE}/flipped"
        assert (door.runtime.live(), door.runtime.live(STATUS)) == (LIVE, NEXT)
    finally:
        door.runtime.flip(OTHER, STATUS)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=x", MULTIPART),
        ("Multipart/Form-Data;boundary=x", MULTIPART),
    ],
)
def test_a_subscribers_code_behind_the_forms_name_is_handed_on(door: Edge, kind: str, body: bytes):
    """RFC 8058: a mail program posts to an address that was in the mail, and says nothing but that."""
    form = {"content_type": kind}
    answer = door.get("/-/intake/status-leave/abcdefgh23456777", method="POST", body=body, host=HOST, **form)
    told = json.loads(answer.body)
    assert told["path"] == f"/{OTHER}/-/intake/status-leave"
    assert told["headers"]["x-portico-code"] == "abcdefgh23456777"


@pytest.mark.parametrize("form", ["status-leave", "status-confirm", "status-subscribe"])
def test_without_a_code_nothing_comes_in_parts(door: Edge, form: str):
    kind = {"content_type": "multipart/form-data; boundary=x", "x_portico_code": "abcdefgh23456777"}
    answer = door.get(f"/-/intake/{form}", method="POST", body=MULTIPART, host=HOST, **kind)
    assert answer.status == 415


def test_nobody_gives_himself_a_code(door: Edge):
    form = {"content_type": "application/x-www-form-urlencoded", "x_portico_code": "mine"}
    answer = door.get("/-/intake/status-leave", method="POST", body=b"code=a", host=HOST, **form)
    assert "x-portico-code" not in json.loads(answer.body)["headers"]


@pytest.mark.parametrize(
    ("form", "suspected"),
    [
        ("status-leave", False),
        ("status-leave-de", False),
        ("status-confirm-de", False),
        ("status-subscribe-de", True),
        ("status-confirm", False),
        ("status-leave/abcdefgh23456777", False),
        ("status-subscribe", True),
        ("status-leaver", True),
    ],
)
def test_under_the_shield_who_has_a_code_leaves_without_a_proof(door: Edge, form: str, *, suspected: bool):
    """A mail program has none, and whoever wants to go must get out during an attack, too."""
    shield.switch(door.runtime, replace(door.spec, shield=True))
    try:
        kind = {"content_type": "application/x-www-form-urlencoded"}
        answer = door.get(f"/-/intake/{form}", method="POST", body=b"code=a", host=HOST, **kind)
    finally:
        shield.switch(door.runtime, door.spec)
    assert ("x-portico-suspicious" in json.loads(answer.body)["headers"]) is suspected


def test_an_empty_map_is_made_where_there_is_none(tmp_path: Path):
    (tmp_path / "edge").mkdir()
    livemap.ensure(tmp_path, STATUS)
    assert livemap.read(tmp_path, STATUS) is None
    livemap.write(tmp_path, OTHER, STATUS)
    livemap.ensure(tmp_path, STATUS)
    assert livemap.read(tmp_path, STATUS) == OTHER


def test_an_authority_that_people_trust_stays_when_a_name_below_its_own_is_added(tmp_path: Path):
    """What it may sign for holds for what is below, too; making another would have everybody trust anew."""
    now = datetime.now(UTC)
    first = authority.ensure_authority(tmp_path, ("localhost", "127.0.0.1"), now)
    second = authority.ensure_authority(tmp_path, ("localhost", "127.0.0.1", HOST), now + timedelta(days=1))
    assert second.certificate == first.certificate
    authority.ensure_leaf(tmp_path / "leaf.pem", second, ("localhost", HOST), now)
    leaf = x509.load_pem_x509_certificate((tmp_path / "leaf.pem").read_bytes())
    assert certificate.covers(leaf, HOST)
