"""The settings of the status page: a host of its own, a channel that there is, a certificate that can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from portico.config import load
from portico.config.models import Settings
from portico.kit.errors import ConfigError

CHANNEL = {"name": "team", "url": "mailto://localhost/team@example.com"}


def settings(**values: object) -> Settings:
    return load.parse(dict(values), where="portico.toml")


def test_it_works_out_of_the_box_and_the_local_certificate_covers_it():
    assert settings().certified == ["localhost", "127.0.0.1", "status.localhost"]
    assert settings().status_host == "status.localhost"


def test_a_certificate_of_ones_own_is_asked_for_a_public_name_and_for_no_local_one():
    own = {"hosts": ["www.example.com"], "certificate": Path("site.pem")}
    assert settings(edge=own).certified == ["www.example.com"]
    named = settings(edge=own, status_page={"host": "status.example.com"})
    assert named.certified == ["www.example.com", "status.example.com"]


def test_without_the_page_there_is_no_host():
    found = settings(status_page={"enabled": False, "host": "localhost"})
    assert found.status_host is None
    assert found.certified == ["localhost", "127.0.0.1"]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ({"host": "LOCALHOST"}, "expected status_page/host to be none of edge/hosts, got LOCALHOST"),
        ({"mail": "pager"}, "expected status_page/mail to be one of team, got pager"),
        ({"host": "status.example.com:8443"}, "status_page/host: expected a host name"),
        ({"days": 1}, "status_page/days: expected a whole number from 7 to 365"),
        ({"site": "www.example.com"}, "status_page/site: expected an address that begins with https://"),
        ({"site": "javascript:alert(1)"}, "status_page/site: expected an address"),
        ({"site": "mailto:help@example.com"}, "status_page/site: expected an address"),
        ({"site": "https://"}, "status_page/site: expected an address"),
        ({"support": "help@example.com"}, "status_page/support: expected a link such as mailto:"),
        ({"support": "javascript:alert(1)"}, "status_page/support: expected a link such as mailto:"),
        ({"support": "mailto:"}, "status_page/support: expected a link such as mailto:"),
    ],
)
def test_what_can_not_be_is_refused(page: dict[str, object], why: str):
    with pytest.raises(ConfigError, match=why):
        settings(status_page=page, notify={"channels": [CHANNEL]})


@pytest.mark.parametrize(
    "support",
    ["", "mailto:help@example.com", "tel:+49-30-123456", "https://example.com/help", "http://example.com"],
)
def test_a_person_is_asked_by_mail_by_telephone_or_on_a_page(support: str):
    assert settings(status_page={"support": support}).status_page.support == support


def test_a_language_that_there_is_no_page_in_begins_where_the_first_does():
    page = settings(status_page={"languages": ["de", "en"]}).status_page
    assert [page.below(language) for language in ("de", "en", "fr")] == ["", "en/", ""]
