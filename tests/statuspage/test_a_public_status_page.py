"""The whole way in a real stack: served under its own name, written to, subscribed to, and left again."""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urlsplit

import pytest

from portico.edge import livemap
from portico.intake.subscribers import Subscribers
from portico.model import MIRROR, STATUS
from portico.store.layout import Store
from support import posting
from support.inboxes import Mails, mails
from support.stack import Answer, Stack, running_stack, until

pytestmark = pytest.mark.timeout(300)

TOML = """
[notify]
channels = [{name = "team", url = "mailto://127.0.0.1:%d/team@example.com?from=portico@example.com&mode=insecure"}]
[status_page]
title = "Example Status"
mail = "team"
"""
ADA = "ada@example.com"


@dataclass
class Public:
    stack: Stack
    inbox: Mails

    @property
    def host(self) -> str:
        return f"status.localhost:{urlsplit(self.stack.address).port}"

    def get(self, path: str) -> Answer:
        return self.stack.get(path, host=self.host)

    def post(self, form: str, **fields: str) -> posting.Reply:
        headers = {**posting.SENT, "host": self.host, "origin": f"https://{self.host}"}
        return posting.ask(
            self.connection(), "POST", f"/-/intake/{form}", urlencode(fields).encode(), headers
        )

    def mailed(self, count: int) -> EmailMessage:
        until(lambda: len(self.inbox.got) >= count, what=f"mail {count}")
        return self.inbox.got[count - 1]

    def connection(self) -> http.client.HTTPSConnection:
        parts = urlsplit(self.stack.address)
        context = ssl.create_default_context(cafile=str(self.stack.ca))
        return http.client.HTTPSConnection(parts.netloc, timeout=60, context=context)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Public]:
    with (
        mails() as inbox,
        running_stack(None, tmp_path_factory.mktemp("status"), TOML % inbox.port) as running,
    ):
        made = Public(running, inbox)
        until(lambda: made.get("/").status == 200, what="the first status page")
        yield made


def test_it_stands_under_its_own_name_and_the_site_under_its_own(public: Public):
    assert b"Example Status" in public.get("/").body
    assert b"Example Status" not in public.stack.get("/").body
    assert public.get("/nowhere").status == 404
    assert public.get("/-/intake/status-subscribe").status == 405


def test_an_open_page_is_told_the_edges_time(public: Public):
    """Also by what lies in the edge's cache: a script there tells the page's age by it."""
    for _ in range(3):
        headers = public.get("/status.json").headers
        told = parsedate_to_datetime(headers["date"]).timestamp() + int(headers.get("age", 0))
        assert abs(told - time.time()) < 30


def test_every_place_holds_it_and_the_sites_own_stores_hold_nothing_of_it(public: Public):
    home = public.stack.home
    live = livemap.read(home.root, STATUS)
    for place in ("a", "b", MIRROR):
        assert live in Store(home.status_store(place)).list_snapshots()
        assert live not in Store(home.store(place)).list_snapshots()


def test_what_a_person_says_stands_there_within_seconds(public: Public):
    said = public.stack.cli("statuspage", "post", "Pages are slow", "--affects", "site", "--text", "We look.")
    assert said.returncode == 0, said.stderr
    until(lambda: b"Pages are slow" in public.get("/").body, what="the words on the page")
    told = json.loads(public.get("/status.json").body)
    assert [one["title"] for one in told["open"]] == ["Pages are slow"]
    assert b"Pages are slow: investigating" in public.get("/feed.atom").body
    number = json.loads(public.stack.cli("statuspage", "list", "--json").stdout)[0]["id"]
    assert public.stack.cli("statuspage", "resolve", str(number), "--text", "All is well.").returncode == 0
    until(lambda: not json.loads(public.get("/status.json").body)["open"], what="the end on the page")


def test_a_publish_of_the_site_leaves_it_alone(public: Public):
    before = livemap.read(public.stack.home.root)
    assert public.stack.cli("publish").returncode == 0
    assert livemap.read(public.stack.home.root) == before
    assert public.get("/").status == 200


def test_subscribing_takes_two_yeses_and_leaving_one_press(public: Public):
    assert public.post("status-subscribe", email=ADA).headers["location"] == "/subscribe/sent/"
    asked = public.mailed(1)
    link = re.search(r"/confirm/#([a-z2-7]{16})", asked.get_content())
    assert link
    assert public.get("/confirm/").status == 200
    assert public.post("status-confirm", code=link[1]).headers["location"] == "/confirm/done/"
    welcome = public.mailed(2)
    assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    said = public.stack.cli("statuspage", "post", "Forms rest", "--text", "For an hour.")
    assert said.returncode == 0, said.stderr
    told = public.mailed(3)
    assert told["To"] == ADA
    assert told["Subject"] == "Example Status: Forms rest (investigating)"
    way = urlsplit(str(told["List-Unsubscribe"]).strip("<>"))
    assert way.netloc == public.host
    answer = posting.ask(
        public.connection(),
        "POST",
        way.path,
        b'--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
        {"content-type": "multipart/form-data; boundary=x", "host": public.host},
    )
    assert answer.status == 303
    kept = Subscribers(public.stack.home.subscribers)
    until(lambda: kept.export(ADA) == [], what="the address to be erased")
    kept.close()


def test_a_wrong_address_is_told_on_a_page(public: Public):
    assert public.post("status-subscribe", email="nobody").headers["location"] == "/subscribe/problem/"
