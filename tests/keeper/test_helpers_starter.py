"""A fresh home begins with a copy of the studio that was made beforehand, and never loses what is there."""

import sqlite3

import pytest

from portico.config import load
from portico.config.home import Home
from portico.config.models import Settings
from portico.keeper.helpers import starter, table
from portico.model import STUDIO
from portico.snapshot import studio as frozen
from support import frozenstudio


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").create()


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A starter with a page and a picture that is named whole."""
    folder = tmp_path / "starter"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "x.avif").write_bytes(b"avif")
    pages = {"index.html": frozenstudio.page("Home")}
    frozenstudio.freeze(folder, pages, revision=1, files={"media/x.avif": folder / "media" / "x.avif"})
    monkeypatch.setattr(starter, "MADE", folder)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return folder


def files(home):
    with sqlite3.connect(home.studio / "frozen" / "frozen.db") as db:
        return [file for (file,) in db.execute("select file from items where file <> ''")]


def test_a_fresh_home_gets_a_copy_for_the_studio_alone(home, made):
    starter.provide(home, Settings())
    assert home.studio.stat().st_mode & 0o777 == 0o700
    assert files(home) == [str(home.studio / "media" / "x.avif")]
    assert frozen.exists(home)


def test_a_copy_that_was_interrupted_is_made_anew(home, made):
    (home.root / "studio.new").mkdir()
    (home.root / "studio.new" / "half").touch()
    starter.provide(home, Settings())
    assert not (home.studio / "half").exists()


def test_a_studio_that_is_there_stays(home, made):
    home.studio.mkdir()
    starter.provide(home, Settings())
    assert list(home.studio.iterdir()) == []


def test_with_a_folder_there_is_nothing_to_copy(home, made):
    starter.provide(home, load.parse({"source": {"folder": "public"}}, where=""))
    assert not home.studio.exists()


def test_a_studio_whose_database_is_elsewhere_fills_that_one_itself(home, made, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db/studio")
    starter.provide(home, Settings())
    assert not home.studio.exists()


def test_a_studio_that_froze_nothing_yet_is_started_at_once(home, made):
    assert table.TABLE[STUDIO].hurries(home)
    starter.provide(home, Settings())
    assert not table.TABLE[STUDIO].hurries(home)
