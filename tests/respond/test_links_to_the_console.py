"""A message leads to the console's page of what it tells of, beside the links that answer it."""

from __future__ import annotations

import json
from http import client
from urllib.parse import urlsplit

import pytest

from portico.respond import links, pages
from portico.respond.listener import Listener
from support import inboxes, telling


@pytest.fixture
def mails():
    with inboxes.mails() as opened:
        yield opened


@pytest.fixture
def post(tmp_path, mails):
    made = []

    def make(more=""):
        url = f"mailto://127.0.0.1:{mails.port}?from=portico@example.com&to=oncall@example.com"
        toml = f'[watch]\nport = 0\n{more}\n[[notify.channels]]\nname = "mail"\nurl = "{url}"\n'
        made.append(telling.post(tmp_path, toml))
        return made[-1]

    yield make
    for each in made:
        each.ledger.close()


def body(mail):
    return mail.get_content().replace("\r\n", "\n")


def test_a_message_leads_to_its_incident_behind_the_link_that_acknowledges(post, mails):
    desk = post('[console]\naddress = "https://console.example.com"')
    desk.incident()
    desk.tick(after=14)
    said = body(mails.got[0])
    assert "Cause, timeline and what to do:\nhttps://console.example.com/incidents/1\n" in said
    assert said.index("Acknowledge:") < said.index("Cause, timeline")


def test_without_an_address_the_link_has_the_port_that_the_console_took(post, mails):
    desk = post()
    desk.watched.home.console_port.write_text(json.dumps({"port": 19090, "asked": 9090}))
    desk.incident()
    desk.tick(after=14)
    assert ":19090/incidents/1\n" in body(mails.got[0])


def test_a_message_about_several_incidents_leads_to_all_of_them(post, mails):
    desk = post('[console]\naddress = "https://console.example.com"')
    desk.incident()
    desk.incident("Something else", key="edge-errors:x")
    desk.tick(after=14)
    assert "https://console.example.com/incidents\n" in body(mails.got[0])


def test_a_console_that_is_switched_off_is_nowhere_linked(post, mails):
    desk = post("[console]\nenabled = false")
    desk.incident()
    desk.tick(after=14)
    assert "timeline" not in body(mails.got[0])


def test_the_page_behind_an_acknowledging_link_leads_on_to_the_console(post):
    desk = post('[console]\naddress = "https://console.example.com"')
    found = desk.incident()
    key = links.key(desk.watched.home)
    token = links.token(key, links.Press(links.ACKNOWLEDGE, (found.id,), desk.clock.now + 60, "team"))
    listener = Listener(desk.watched.settings.watch, desk.watched.home.watch_port, pages.routes(desk.watched))
    listener.start()
    asked = client.HTTPConnection(urlsplit(listener.address).netloc, timeout=60)
    asked.request("GET", f"/a/{token}")
    text = asked.getresponse().read().decode()
    asked.close()
    assert f'href="https://console.example.com/incidents/{found.id}"' in text
