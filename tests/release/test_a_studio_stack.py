"""A whole stack with a real studio in it: what is published there is seen at the edge, whoever dies."""

import json
import os
import signal

import pytest

from portico.config import load
from portico.keeper import stack as stacks
from portico.keeper.helpers import studio
from portico.kit import process
from support import studiostack
from support.stack import until

EDIT = """
from portico.studio.models import HomePage
page = HomePage.objects.filter(locale__language_code="en").first().specific
page.headline = {headline!r}
page.save_revision().publish()
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """`up` waits until the studio's site was published."""
    with studiostack.running(tmp_path_factory.mktemp("studio")) as running:
        yield running


def publish(stack, headline):
    config = load.load(stack.settings, stack.home.root, cwd=stack.home.root)
    words = ("shell", "--no-imports", "-c", EDIT.format(headline=headline))
    done = studio.run(stacks.load(config), *words, capture_output=True)
    assert done.returncode == 0, done.stderr


def seen(stack, headline):
    return headline.encode() in stack.get("/").body


@pytest.mark.timeout(400)
def test_what_an_editor_publishes_is_seen_at_the_edge(stack):
    publish(stack, "Seen by everybody")
    until(lambda: seen(stack, "Seen by everybody"), timeout=200)
    told = json.loads(stack.cli("studio", "status", "--json").stdout)["published"]
    # the search index follows by itself, and may be what was published last
    assert any(one["changed"][:1] == ["/"] and len(one["changed"]) < 5 for one in (told, *told["history"]))
    names = [step["name"] for step in told["steps"]]
    assert names[:4] == ["frozen", "checked", "in cluster a", "in cluster b"]


@pytest.mark.timeout(400)
def test_studio_and_freezer_that_are_killed_come_back_and_lose_nothing(stack):
    before = {part: stack.pid(part) for part in ("studio", "freezer", "a1", "b1", "edge")}
    publish(stack, "Published in a crash")
    for part in ("studio", "freezer"):
        os.kill(before[part], signal.SIGKILL)
    assert stack.get("/").status == 200
    until(lambda: seen(stack, "Published in a crash"), timeout=200)
    assert {part: stack.pid(part) for part in ("a1", "b1", "edge")} == {
        part: before[part] for part in ("a1", "b1", "edge")
    }
    until(lambda: stack.status()["studio"]["restarts"] >= 1, what="the keeper told of it")


def first_sign_in(stack):
    """None while the studio, which was killed, isn't back."""
    told = stack.cli("studio", "open", "--json")
    return json.loads(told.stdout)["first_sign_in"] if told.returncode == 0 else None


@pytest.mark.timeout(400)
def test_a_person_is_shown_in_and_others_are_added(stack):
    until(lambda: first_sign_in(stack), timeout=200)
    link = stack.cli("studio", "user", "add", "ada", "--role", "editor").stdout
    assert "/account/password/reset/key/" in link
    assert "ada  editor" in stack.cli("studio", "user", "list").stdout
    assert "no role" in stack.cli("studio", "user", "add", "bob", "--role", "king").stderr


def test_the_database_is_copied_while_it_is_worked_in(stack, tmp_path):
    assert stack.cli("studio", "backup", str(tmp_path / "copy.db")).returncode == 0
    assert (tmp_path / "copy.db").read_bytes().startswith(b"SQLite format 3")
    assert stack.cli("studio", "backup", str(tmp_path / "copy.db")).returncode == 2


def test_down_ends_the_studio_too(stack):
    known = {part: process.recall(stack.home.record(part)) for part in ("studio", "freezer", "relay")}
    assert all(one.alive for one in known.values())
    assert stack.cli("down").returncode == 0
    assert not any(one.alive for one in known.values())
