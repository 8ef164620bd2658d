from __future__ import annotations

import re

from portico.board import board
from portico.console import menu
from portico.console.page import Page
from portico.console.pages import table
from support import consoles


def page(name: str, word: str = "Word") -> Page:
    return Page(name, f"/{name}", name, "x/page.html", lambda _desk, _request: {}, menu=word)


def test_a_page_that_no_group_names_stands_in_the_last_one():
    groups = menu.of([page("zebra"), page("overview")])
    assert [(group.name, [one.name for one in group.pages]) for group in groups] == [
        ("Now", ["overview"]),
        (menu.REST, ["zebra"]),
    ]


def test_a_page_without_a_word_stands_in_no_menu():
    assert menu.of([page("overview", "")]) == []


def test_no_page_of_ours_is_left_over():
    assert [group.name for group in menu.of(table.PAGES)] == list(menu.GROUPS)
    named = {name for names in menu.GROUPS.values() for name in names}
    assert named == {page.name for page in table.PAGES if page.menu}


def test_every_page_has_a_letter_of_its_own():
    keys = menu.keys(menu.of(table.PAGES))
    assert (keys["overview"], keys["operate"], keys["clusters"]) == ("h", "o", "c")
    assert sorted(set(keys.values())) == sorted(keys.values())
    assert all(keys.values())


def test_every_page_has_a_name_and_a_way_of_its_own():
    assert len({page.name for page in table.PAGES}) == len(table.PAGES)
    assert len({page.path for page in table.PAGES}) == len(table.PAGES)
    assert len({button.path for button in table.BUTTONS}) == len(table.BUTTONS)


def test_the_evidence_of_every_cell_is_a_page_of_the_console():
    ways = {page.path for page in table.PAGES}
    rows = board.of(consoles.seen("incident")).rows
    assert {cell.evidence.href for row in rows for cell in row} <= ways


def test_every_link_of_the_menu_and_the_picture_is_a_page():
    ways = [re.compile(re.sub(r"\{[^}]+\}", "[^/]+", page.path)) for page in table.PAGES]
    picture = board.of(consoles.seen()).picture
    for part in (picture.visitors, picture.edge, *picture.places, picture.source):
        assert any(way.fullmatch(part.href) for way in ways), part.href
