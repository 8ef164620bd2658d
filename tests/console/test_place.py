"""Under which name the console is asked, and by whom, as headers tell it."""

import pytest
from starlette.requests import HTTPConnection

from portico.console.security.place import Place

PROXIED = Place("https://console.example.com/", "127.0.0.1", proxied=True)


def asked(*headers):
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return HTTPConnection({"type": "http", "headers": raw, "client": ("127.0.0.1", 4000)})


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (["192.0.2.7"], "192.0.2.7"),
        (["1.1.1.1, 192.0.2.7"], "192.0.2.7"),
        (["1.1.1.1", "192.0.2.7"], "192.0.2.7"),
        (["1.1.1.1", "2001:db8::7"], "2001:db8::7"),
        (["192.0.2.7", "not an address"], "127.0.0.1"),
        (["192.0.2.7,"], "127.0.0.1"),
        ([], "127.0.0.1"),
    ],
)
def test_a_visitor_is_who_asked_the_proxy_whatever_they_claim(lines, address):
    told = [("x-forwarded-for", line) for line in lines]
    assert PROXIED.visitor(asked(*told)).address == address


def test_without_a_proxy_nobody_says_where_they_are():
    direct = Place("http://localhost:9090/", "127.0.0.1", proxied=False)
    assert direct.visitor(asked(("x-forwarded-for", "192.0.2.7"))).address == "127.0.0.1"


@pytest.mark.parametrize("host", ["[", "[::1", "localhost:x", "localhost:99999", "", "[nothing]"])
def test_a_host_that_cannot_be_read_is_none_of_ours(host):
    place = Place("http://localhost:9090/", "127.0.0.1", proxied=False)
    assert not place.knows(asked(("host", host)))
