"""A studio tells the freezer what it touched: no more is looked at, and the snapshot is the same."""

from __future__ import annotations

import random
import shutil

import pytest

from portico.config.home import Home
from portico.kit import canonical
from portico.snapshot import freeze, studio, urls
from portico.snapshot.folder import Folder
from portico.store import signing
from portico.store.layout import Store
from support import frozenstudio, rememberedstudio, sqlitework

SITE = {f"/p{number}/": frozenstudio.page(f"Page {number}", "<a href='/p1/'>One</a>") for number in range(9)}


@pytest.fixture
def home(tmp_path):
    return made(tmp_path / "home")


def made(root):
    home = Home(root).create()
    signing.create_keys(home.signing_key, home.public_key)
    return home


def frozen(home, source=None, index=None, told=None):
    return freeze.freeze(
        source or studio.Frozen(home.studio),
        Store(home.origin),
        index or home.freezer,
        signing.load_private(home.signing_key),
        progress=(told if told is not None else []).append,
    )


def looked_at(home):
    """How many items a freeze looks at."""
    told = []
    frozen(home, told=told)
    return [one.done for one in told if one.phase == "look"][-1]


def anew(home):
    """By a freezer that remembers nothing."""
    index = home.root / "another.db"
    for file in index.parent.glob(f"{index.name}*"):
        file.unlink()
    return frozen(home, index=index)


def test_only_what_was_touched_is_looked_at(home):
    rememberedstudio.write(home.studio, SITE)
    assert looked_at(home) == len(SITE)
    assert looked_at(home) == 0
    rememberedstudio.write(home.studio, {"/p3/": frozenstudio.page("New")}, gone=["/p4/"])
    assert looked_at(home) == 1
    assert frozen(home).id == anew(home).id


def test_the_work_of_a_freeze_grows_with_the_change_and_not_with_the_site(tmp_path):
    def work(pages):
        home = made(tmp_path / str(pages))
        rememberedstudio.write(home.studio, {f"/{number}.txt": b"%d" % number for number in range(pages)})
        frozen(home)
        rememberedstudio.write(home.studio, {"/7.txt": b"seven"})
        with sqlitework.counted() as counted:
            assert frozen(home).changed == 1
        return counted.instructions

    assert work(1600) < 2 * work(200)


def test_what_goes_and_was_never_linked_to_has_no_link_checked(home):
    rememberedstudio.write(home.studio, SITE | {"/unlinked.txt": b"x"})
    frozen(home)
    rememberedstudio.write(home.studio, {}, gone=["/unlinked.txt"])
    told = []
    frozen(home, told=told)
    assert [one.phase for one in told if one.phase == "links"] == []


@pytest.mark.parametrize("spelled", ["/p1", "/p1/", "/p1/index.html"])
def test_a_link_to_what_goes_is_broken_however_it_is_spelled(home, spelled):
    rememberedstudio.write(home.studio, SITE | {"/": frozenstudio.page("Home", f"<a href='{spelled}'>x</a>")})
    frozen(home)
    rememberedstudio.write(home.studio, {}, gone=["/p1/"])
    assert ("/", spelled) in {(link.page, link.target) for link in frozen(home).broken}


@pytest.mark.parametrize("path", ["/", "/a", "/a/", "/a.html", "/a.html/", "/a/index.html", "/a//", "/.html"])
def test_all_that_may_answer_a_link_has_its_stem(path):
    assert {urls.stem(one) for one in urls.answering(path)} == {urls.stem(path)}


def test_a_memory_that_was_put_back_from_a_copy_is_looked_at_whole(home):
    rememberedstudio.write(home.studio, SITE)
    shutil.copytree(home.studio, home.root / "copy")
    rememberedstudio.write(home.studio, {"/p3/": frozenstudio.page("Lost")})
    frozen(home)
    shutil.rmtree(home.studio)
    shutil.copytree(home.root / "copy", home.studio)
    rememberedstudio.write(home.studio, {"/p5/": frozenstudio.page("Other")})
    assert looked_at(home) == len(SITE)
    assert frozen(home).id == anew(home).id


def test_who_was_away_for_too_long_looks_at_everything(home, monkeypatch):
    monkeypatch.setattr("portico.studio.freezing.memory.STEPS", 3)
    rememberedstudio.write(home.studio, SITE)
    frozen(home)
    for number in range(4):
        rememberedstudio.write(home.studio, {"/p3/": frozenstudio.page(f"New {number}")})
    assert looked_at(home) == len(SITE)


def test_another_source_in_between_is_not_mistaken_for_the_studio(home, tmp_path):
    rememberedstudio.write(home.studio, SITE)
    first = frozen(home)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<title>Folder</title>")
    frozen(home, Folder(tmp_path / "site", clock=lambda: 2**62))
    assert frozen(home).id == first.id


def test_a_freeze_that_fails_forgets_nothing_of_what_changed(home):
    rememberedstudio.write(home.studio, SITE)
    frozen(home)
    body = frozenstudio.page("New")
    rememberedstudio.write(home.studio, {"/p3/": body, "/p4/": frozenstudio.page("Newer")})
    name = canonical.digest(body)
    kept = home.studio / "frozen" / "bodies" / name[:2] / name
    kept.rename(home.root / "away")
    with pytest.raises(studio.SourceError, match="its bytes are gone"):
        frozen(home)
    (home.root / "away").rename(kept)
    assert frozen(home).id == anew(home).id


def test_a_body_that_the_store_lost_is_read_again_though_nobody_touched_it(home):
    rememberedstudio.write(home.studio, SITE)
    first = frozen(home)
    store = Store(home.origin)
    for file in list(store.files()):
        file.unlink()
    store.remove_snapshot(first.id)
    rememberedstudio.write(home.studio, {"/p3/": frozenstudio.page("New")})
    frozen(home)
    assert all(store.body(canonical.digest(body)).exists() for path, body in SITE.items() if path != "/p3/")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_touched_the_snapshot_is_that_of_a_freeze_from_nothing(home, seed):
    dice, there = random.Random(seed), {"/p0/"}
    rememberedstudio.write(home.studio, {"/p0/": b"<p>0"})
    for step in range(25):
        if dice.random() < 0.1:
            rememberedstudio.clear(home.studio)
            there.clear()
        new = {f"/p{dice.randrange(9)}/": f"<p>{step}<a href=/p{dice.randrange(9)}/>x".encode() for _ in "ab"}
        gone = dice.sample(sorted(there), k=min(len(there), dice.choice([0, 0, 1, 2])))
        rememberedstudio.write(home.studio, new, gone, redirects=f"/old{step % 3} / 301\n")
        there = (there - set(gone)) | set(new)
        if dice.random() < 0.6:
            here, expected = frozen(home), anew(home)
            assert (here.id, here.broken) == (expected.id, expected.broken)
