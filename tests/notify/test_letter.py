"""A mail to one person: what isn't an address to a header's parser is no mail, and stops nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portico.notify import letter
from portico.notify.letter import Mail


def mail(to: str) -> Mail:
    return Mail(to, "Read this", "words", "an-id")


def test_an_address_stands_in_the_header_as_it_is():
    assert str(letter.composed(mail("ada@example.org"), "us@example.org")["To"]) == "ada@example.org"


@pytest.mark.parametrize("to", ["=?utf-8?q?@a?=.com", "a@=?utf-8?q?=0ax-y=3a_z=0a?=.com"])
def test_an_encoded_word_in_an_address_is_refused_for_good(to):
    failure = letter.Round(None).send(replace(mail(to), sender="us@example.org"))
    assert failure is not None
    assert not failure.temporary
