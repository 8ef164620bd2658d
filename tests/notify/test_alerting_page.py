"""What the operators' guide shows can be written so, and its addresses are ones that Apprise knows."""

import re
import tomllib

import pytest

from portico.config import load
from portico.notify.port import Port
from support.pages import ROOT, Page

PAGE = Page(ROOT / "docs" / "alerting.md")


def merged():
    """All settings of the page as one file."""
    notify = {"channels": []}
    for block in PAGE.code("toml"):
        values = tomllib.loads(block)["notify"]
        notify["channels"] += values.pop("channels", [])
        notify |= values
    return load.parse({"notify": notify}, where="the page").notify


def test_the_settings_of_the_page_hold_together():
    notify = merged()
    assert [channel.name for channel in notify.channels] == ["team", "chat", "pager", "anna", "hook"]
    assert notify.escalation == ["anna", "pager"]


@pytest.mark.parametrize("name", ["team", "anna", "hook"])
def test_an_address_of_the_page_is_known(tmp_path, name):
    url = merged().channel(name).url.get_secret_value()
    known = url.replace("ACCOUNT_SID", "AC" + "a" * 32).replace("AUTH_TOKEN", "b" * 32)
    assert Port(tmp_path)._service(known) is not None


def addresses():
    return [code for code in re.findall(r"`([a-z]+://[^`]+)`", PAGE.prose) if "..." not in code]


def test_the_addresses_in_its_sentences_are_known_too(tmp_path):
    found = addresses()
    assert {address.partition(":")[0] for address in found} == {"workflows", "pagerduty", "opsgenie"}
    assert [address for address in found if Port(tmp_path)._service(address) is None] == []


def test_slacks_own_address_is_known(tmp_path):
    webhook = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7"
    for address in (webhook, "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7/#ops"):
        assert type(Port(tmp_path)._service(address)).__name__ == "NotifySlack"
