"""The picture of a shared link."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from portico.studio.seo import cards

CARD = cards.Card("Größe zählt: what we build lasts", "Example Works")


def opened(card):
    return Image.open(io.BytesIO(cards.draw(card))).convert("RGB")


def test_a_card_is_small_and_the_same_each_time():
    drawn = cards.draw(CARD)
    assert drawn == cards.draw(CARD)
    assert len(drawn) < 30_000
    assert opened(CARD).size == (1200, 630)


def test_its_name_changes_with_all_that_stands_on_it():
    others = [cards.Card("Other", CARD.company), cards.Card(CARD.title, "Other")]
    assert len({card.name for card in [CARD, *others]}) == 3


@pytest.mark.parametrize("title", ["word " * 90, "Donaudampfschifffahrtsgesellschaft" * 4, ""])
def test_words_stay_inside_however_many_there_are(title):
    image = opened(cards.Card(title, "Company"))
    edges = [(x, y) for x in range(0, 1200, 7) for y in (2, 627)] + [(2, y) for y in range(0, 630, 7)]
    assert {image.getpixel(at) for at in edges} == {cards.GROUND}


def test_letters_that_the_font_lacks_leave_no_boxes():
    assert cards.draw(cards.Card("Kolk 水力", "Co")) == cards.draw(cards.Card("Kolk ", "Co"))


@pytest.mark.usefixtures("studio")
def test_it_is_drawn_once(monkeypatch):
    address = cards.url(CARD)
    monkeypatch.setattr(cards, "draw", None)
    assert cards.url(CARD) == address
