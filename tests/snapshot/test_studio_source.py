"""What the studio froze is read as a source: one revision, held against its hashes."""

import sqlite3

import pytest

from portico.config import models
from portico.config.home import Home
from portico.kit.errors import SourceError
from portico.snapshot import freeze, sources, studio
from portico.store import read, signing
from portico.store.layout import Store
from support import frozenstudio


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home").create()
    signing.create_keys(home.signing_key, home.public_key)
    return home


def frozen(home):
    source = sources.of(models.Source(), home)
    return freeze.freeze(source, Store(home.origin), home.freezer, signing.load_private(home.signing_key))


def entry(home, snapshot, path):
    reader = read.Reader(Store(home.origin), signing.load_public(home.public_key))
    return reader.lookup(snapshot, path)


def test_pages_and_files_answer_at_their_paths(home, tmp_path):
    picture = tmp_path / "picture.avif"
    picture.write_bytes(b"avif" * 100)
    pages = {"index.html": frozenstudio.page("Home"), "about/index.html": frozenstudio.page("About")}
    frozenstudio.freeze(home.studio, pages, revision=1, files={"media/images/x.avif": picture})
    made = frozen(home)
    assert entry(home, made.id, "/about/").status == 200
    assert entry(home, made.id, "/media/images/x.avif").header("content-type") == "image/avif"


def test_headers_and_redirects_are_those_of_the_studio(home):
    frozenstudio.freeze(
        home.studio,
        {"index.html": frozenstudio.page("Home")},
        revision=1,
        headers="/*\n  X-Robots-Tag: noindex\n",
        redirects="/old / 301\n",
    )
    made = frozen(home)
    assert entry(home, made.id, "/").header("x-robots-tag") == "noindex"
    assert entry(home, made.id, "/old").status == 301


def test_what_changed_alone_is_read_again(home):
    pages = {f"p{number}/index.html": frozenstudio.page(f"Page {number}") for number in range(5)}
    frozenstudio.freeze(home.studio, pages, revision=1)
    frozen(home)
    pages["p3/index.html"] = frozenstudio.page("New")
    del pages["p4/index.html"]
    frozenstudio.freeze(home.studio, pages, revision=2)
    assert frozen(home).changed == 2


def test_a_revision_is_read_whole_while_the_studio_freezes_the_next(home):
    frozenstudio.freeze(home.studio, {"index.html": frozenstudio.page("One")}, revision=1)
    source = studio.Frozen(home.studio)
    assert source.revision == 1
    frozenstudio.freeze(home.studio, {"index.html": frozenstudio.page("Two")}, revision=2)
    (item,) = source.items()
    with source.open(item) as file:
        assert b"One" in file.read()


def test_a_flipped_byte_is_refused(home):
    frozenstudio.freeze(home.studio, {"index.html": frozenstudio.page("Home")}, revision=1)
    (body,) = (home.studio / "frozen" / "bodies").rglob("*/*")
    body.write_bytes(body.read_bytes().replace(b"Home", b"Hume"))
    with pytest.raises(SourceError, match="not those that the studio froze"):
        frozen(home)


def test_a_studio_that_froze_nothing_yet_is_told(home):
    with pytest.raises(SourceError, match="nothing was frozen yet") as caught:
        frozen(home)
    assert caught.value.temporary


def test_a_damaged_file_is_told_in_one_line(home):
    (home.studio / "frozen").mkdir(parents=True)
    (home.studio / "frozen" / "frozen.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(SourceError, match="what it froze can't be read"):
        frozen(home)


def test_the_reader_changes_nothing(home):
    frozenstudio.freeze(home.studio, {"index.html": frozenstudio.page("Home")}, revision=1)
    with sqlite3.connect(home.studio / "frozen" / "frozen.db") as db:
        before = db.total_changes, list(db.iterdump())
    frozen(home)
    with sqlite3.connect(home.studio / "frozen" / "frozen.db") as db:
        assert list(db.iterdump()) == before[1]
