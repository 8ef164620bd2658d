"""Leaving by one press, as RFC 8058 has mail programs do it: the code in the address is all that counts."""

from __future__ import annotations

import pytest

from portico.intake import schema
from portico.replica import intake
from portico.replica.body import RefusedError
from portico.statuspage import forms

LEAVE = schema.parse(forms.schemas()[f"{forms.PATH}{forms.LEAVE}"])
CODE = "abcdefgh23456777"
URLENCODED, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (URLENCODED, b"List-Unsubscribe=One-Click"),
        (PARTS, b"--x--"),
        (URLENCODED, "ö".encode()),
        (PARTS, b""),
    ],
)
def test_whatever_a_mail_program_says_beside_the_code_is_not_looked_at(kind: str, body: bytes):
    found = intake._pairs(LEAVE, {"content-type": kind, "x-portico-code": CODE}, body)
    assert schema.check(LEAVE, found).values == {"code": CODE}


def test_a_form_says_its_code_in_its_field():
    assert intake._pairs(LEAVE, {"content-type": URLENCODED}, b"code=abc") == [("code", "abc")]


@pytest.mark.parametrize("more", [{}, {"x-portico-code": ""}])
def test_parts_without_a_code_are_no_form(more: dict[str, str]):
    with pytest.raises(RefusedError) as refused:
        intake._pairs(LEAVE, {"content-type": PARTS, **more}, b"--x--")
    assert refused.value.status == 415


def test_nobody_sends_much_to_leave():
    with pytest.raises(RefusedError) as refused:
        intake._pairs(LEAVE, {"content-type": PARTS, "x-portico-code": CODE}, b"x" * 3000)
    assert refused.value.status == 413
