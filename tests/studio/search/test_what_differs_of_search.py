"""The index is taken over by what differs, and kept as bodies are: an edit brings a few files of it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from portico.studio.freezing import bodies, search
from portico.studio.search import index
from support import rememberedstudio

WORDS = ("bridge", "copper", "river", "turbine", "meadow", "signal", "harbour", "lantern")


def page(number, *words):
    said = " ".join((WORDS[number % 8], f"word{number}", *words))
    return (
        f'<!doctype html><html lang="en"><title>{number}</title><main><h1>{number}</h1>{said}</main>'.encode()
    )


@pytest.fixture
def data(tmp_path):
    rememberedstudio.write(tmp_path, {f"/p{number}/": page(number) for number in range(200)})
    return tmp_path


def taken(data):
    """Built and taken over, as the back does."""
    built = index.built(data / "frozen")
    with closing(search.memory.connect(data / "frozen")) as store:
        search._take_over(store, built)
    return built


def files(data):
    with closing(sqlite3.connect(data / "frozen" / "frozen.db")) as db:
        return dict(db.execute("select path, digest from items where path glob '/pagefind/*'"))


def test_the_same_pages_are_built_once(data):
    assert taken(data)
    assert index.built(data / "frozen") is None


def test_one_edit_brings_a_few_files_and_the_rest_is_not_touched(data):
    first = taken(data)
    rememberedstudio.write(data, {"/p3/": page(3, "unheard")})
    second = taken(data)
    assert len(first.came) > 200
    assert len(second.came) < 10
    assert any(path.startswith("/pagefind/fragment/") for path in second.gone)


def test_what_is_taken_over_in_steps_is_the_index_of_the_pages(data, tmp_path):
    taken(data)
    rememberedstudio.write(data, {"/p3/": page(3, "unheard"), "/new/": page(900)}, gone=["/p7/"])
    taken(data)
    pages = {f"/p{number}/": page(number) for number in range(200) if number not in {3, 7}}
    rememberedstudio.write(tmp_path / "fresh", pages | {"/p3/": page(3, "unheard"), "/new/": page(900)})
    taken(tmp_path / "fresh")
    assert files(data) == files(tmp_path / "fresh")


def test_its_files_lie_among_the_bodies_and_nothing_else_is_left(data):
    taken(data)
    assert all(bodies.place(data / "frozen", digest).exists() for digest in files(data).values())
    assert list((data / "frozen" / index.DRAFT).iterdir()) == []


def test_a_body_that_is_kept_again_counts_as_written_now(data):
    (digest,) = bodies.keep(data / "frozen", {"/p0/": page(0)}).values()
    os.utime(bodies.place(data / "frozen", digest), (1, 1))
    bodies.keep(data / "frozen", {"/p0/": page(0)})
    assert bodies.sweep(data / "frozen", set()) == 0
