"""What the browser sends in a form's place: Portico's own practice form, of which nobody gets a mail.

The real form is filled in and sent by its own script; on its way out the post is led to the practice form,
and every other one is stopped. So no journey reaches a person, whatever the page does (decisions/0116, 0138).
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

FORM = "/-/intake/portico-probe"
_FORMS = "/-/intake/"


def is_form(method: str, url: str) -> bool:
    return method == "POST" and urlsplit(url).path.startswith(_FORMS)


def is_harmless(method: str) -> bool:
    """Asks, and sends nothing."""
    return method in {"GET", "HEAD"}


def led_astray(url: str) -> str:
    """The practice form at the same site."""
    return urlsplit(url)._replace(path=FORM, query="", fragment="").geturl()


def body(sent: str, token: str) -> str:
    """None of the form's words; of its script's own fields those by which a sender proves himself."""
    proofs = [(name, value) for name, value in parse_qsl(sent) if name.startswith("_")]
    return urlencode([*proofs, ("token", token)])
