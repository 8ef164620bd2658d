from __future__ import annotations

import os
import sqlite3

import pytest

from portico.snapshot import freeze
from portico.snapshot.folder import Folder
from portico.store import check
from support.freezing import HOME, Stack, fingerprint


class Counting(Folder):
    """Notes what is read."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack.site, clock=lambda: 2**62)
        self.read: list[str] = []

    def open(self, item):
        self.read.append(item.name)
        return super().open(item)


def read_by(stack: Stack) -> tuple[list[str], freeze.Frozen]:
    source = Counting(stack)
    frozen = stack.freeze(source)
    return sorted(source.read), frozen


def test_nothing_changed_gives_the_same_id_and_writes_nothing(stack: Stack):
    first = stack.freeze()
    before = fingerprint(stack.store.root)
    read, again = read_by(stack)
    assert (again.id, again.new, again.changed, again.previous) == (first.id, False, 0, first.id)
    assert read == []
    assert fingerprint(stack.store.root) == before


def test_only_what_changed_is_read(stack: Stack):
    first = stack.freeze()
    stack.write({"about.html": "<title>Other</title>", "new.html": "<title>New</title>"})
    read, frozen = read_by(stack)
    assert read == ["about.html", "new.html"]
    assert (frozen.changed, frozen.new, frozen.previous) == (2, True, first.id)


def test_a_touched_file_is_read_but_changes_nothing(stack: Stack):
    first = stack.freeze()
    os.utime(stack.site / "about.html", (1, 1))
    read, frozen = read_by(stack)
    assert read == ["about.html"]
    assert (frozen.id, frozen.changed, frozen.new) == (first.id, 0, False)


def test_a_change_of_the_same_length_and_time_is_seen(stack: Stack):
    first = stack.freeze()
    times = (stack.site / "about.html").stat()
    stack.write({"about.html": (stack.site / "about.html").read_text().replace("About", "Other")})
    os.utime(stack.site / "about.html", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert stack.freeze().id != first.id


def test_a_file_that_changed_just_now_is_read_again_the_next_time(stack: Stack):
    stack.freeze(Folder(stack.site, clock=lambda: 0))
    read, _ = read_by(stack)
    assert read == ["about.html", "index.html"]
    assert read_by(stack)[0] == []


def test_what_is_gone_is_gone(stack: Stack):
    stack.freeze()
    (stack.site / "about.html").unlink()
    frozen = stack.freeze()
    assert set(stack.entries(frozen.id)) == {"/"}
    assert frozen.changed == 1


def test_going_back_gives_the_old_id_and_writes_nothing_new(stack: Stack):
    first = stack.freeze()
    stack.write({"index.html": "<title>Two</title>"})
    stack.freeze()
    stack.write({"index.html": HOME})
    frozen = stack.freeze()
    assert (frozen.id, frozen.new) == (first.id, False)


def test_new_headers_change_every_page_and_read_none(stack: Stack):
    first = stack.freeze()
    stack.write({"_headers": "/*\n  X-A: 1\n"})
    read, frozen = read_by(stack)
    assert read == []
    assert frozen.id != first.id
    assert {entry.header("x-a") for entry in stack.entries(frozen.id).values()} == {"1"}


def test_a_link_breaks_when_its_target_goes_and_heals_when_it_comes_back(stack: Stack):
    assert stack.freeze().broken_total == 0
    about = (stack.site / "about.html").read_text()
    (stack.site / "about.html").unlink()
    assert [link.target for link in stack.freeze().broken] == ["/about.html"]
    stack.write({"unrelated.html": "x"})
    assert stack.freeze().broken_total == 1
    stack.write({"about.html": about})
    assert stack.freeze().broken_total == 0


def test_a_redirect_heals_a_link_and_its_loss_breaks_it(stack: Stack):
    (stack.site / "about.html").unlink()
    stack.write({"_redirects": "/about.html /\n"})
    assert stack.freeze().broken_total == 0
    (stack.site / "_redirects").unlink()
    assert stack.freeze().broken_total == 1


def test_warnings_are_told_each_time(stack: Stack):
    stack.write({"_redirects": "/about /"})
    assert stack.freeze().warnings == stack.freeze().warnings != ()


@pytest.mark.parametrize("damage", ["missing", "scrambled", "cut", "of another version"])
def test_a_lost_index_is_made_anew(stack: Stack, damage):
    stack.write({f"{number}.html": f"<a href='/{number + 1}'>x" * 20 for number in range(300)})
    first = stack.freeze()
    if damage == "missing":
        stack.index.unlink()
    elif damage == "scrambled":
        stack.index.write_bytes(os.urandom(stack.index.stat().st_size))
    elif damage == "cut":
        os.truncate(stack.index, stack.index.stat().st_size // 2)
    else:
        with sqlite3.connect(stack.index) as db:
            db.execute("pragma user_version = 999")
        db.close()
    frozen = stack.freeze()
    assert (frozen.id, frozen.new) == (first.id, False)
    assert frozen.broken_total == first.broken_total > 0


def test_bodies_that_the_store_lost_are_written_again(stack: Stack):
    first = stack.freeze()
    for path in list(stack.store.files()):
        path.unlink()
    stack.store.remove_snapshot(first.id)
    frozen = stack.freeze()
    assert frozen.id == first.id
    assert check.snapshot(stack.store, frozen.id, stack.key.public_key()).bad == ()


def test_another_store_gets_everything(stack: Stack):
    first = stack.freeze()
    other = Stack(stack.root / "other")
    stack.site.rename(stack.root / "moved")
    other.root.mkdir()
    (stack.root / "moved").rename(other.site)
    stack.index.rename(other.index)
    frozen = other.freeze()
    assert frozen.id == first.id
    assert check.snapshot(other.store, frozen.id, other.key.public_key()).bad == ()


def test_a_site_that_grows_and_shrinks_is_cut_anew(stack: Stack):
    first = stack.freeze()
    many = {f"p/{number}.html": f"<p>{number}" for number in range(300)}
    stack.write(many)
    grown = stack.freeze()
    assert len(stack.reader.root(grown.id).shards) == 8
    for name in many:
        (stack.site / name).unlink()
    assert stack.freeze().id == first.id
