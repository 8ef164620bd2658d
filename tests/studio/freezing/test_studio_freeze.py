"""A freeze tells what changed, what must go and what came back; a crash or a refusal leaves what was."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from portico.snapshot import policy
from portico.studio.freezing import answer, consistent, freeze, keeping, memory, search, sweep
from portico.studio.freezing.triggers import install
from portico.studio.models import LegalPage, NewsPage, Person
from portico.studio.models.revision import Change, Revision
from support import frozen

pytestmark = pytest.mark.timeout(300)  # the first one freezes all, for the others, too


@pytest.fixture
def folder(studio_frozen):
    return studio_frozen.data / "frozen"


def article() -> NewsPage:
    return NewsPage.objects.filter(live=True, alias_of=None).order_by("pk").first()


def test_nothing_new_renders_nothing_and_asks_nothing(folder):
    done = freeze.run()
    assert (done["rendered"], done["checked"]) == (0, 0)


def test_a_draft_is_not_even_looked_at(folder):
    page = article()
    page.title = "Not yet"
    page.save_revision()
    assert freeze.run()["checked"] == 0


def test_one_edit_renders_what_shows_it_and_tells_who_and_when(folder):
    after = freeze.run()["revision"]
    page = article()
    page.title = "Quite another title"
    person = get_user_model().objects.create(
        username="ada", first_name="Ada", last_name="Byron", is_superuser=True
    )
    page.save_revision(user=person).publish(user=person)
    done = freeze.run(after)
    assert 0 < done["rendered"] < done["urls"] / 2
    assert page.url in done["changed"]
    assert done["by"] == "Ada Byron"
    assert done["at"] == pytest.approx(Revision.objects.get().at)
    assert "Quite another title" in frozen.body(folder, page.url)


def test_visitors_keep_static_files_for_good(folder):
    static = [path for path in frozen.state(folder) if path.startswith("/static/")]
    assert static
    assert [path for path in static if not policy.fingerprinted(path)] == []


def test_the_log_is_let_go_once_it_is_frozen(folder):
    Person.objects.update(name="Ada")
    assert Change.objects.exists()
    freeze.run()
    assert not Change.objects.exists()


def test_an_unpublished_page_is_taken_down_and_lifted_when_it_is_back(folder):
    page = article()
    before = freeze.run()["revision"]
    page.unpublish()
    gone = freeze.run(before)
    assert page.url in gone["takedown"]
    assert page.url not in frozen.state(folder)
    assert page.url in freeze.run(before)["takedown"]  # asked again, as the answer may have been lost
    page.refresh_from_db()
    page.save_revision().publish()
    back = freeze.run(gone["revision"])
    assert page.url in back["lifted"]
    assert page.url not in back["takedown"]


def test_a_slug_that_changes_moves_the_whole_branch_and_leads_on_from_where_it_was(folder):
    before = freeze.run()["revision"]
    parent = article().get_parent().specific
    old = article().url
    parent.slug = "stories"
    parent.save_revision().publish()
    done = freeze.run(before)
    assert old in done["takedown"]
    assert article().url.startswith("/stories/")
    assert article().url in frozen.state(folder)


def test_a_redirect_that_no_page_links_is_frozen_and_none_covers_a_page(folder):
    Redirect.objects.create(old_path="/former", redirect_link="/about/", is_permanent=True)
    Redirect.objects.create(old_path=article().url.rstrip("/"), redirect_link="/about/")
    freeze.run()
    told = frozen.state(folder)["redirects"][0][0].splitlines()
    assert "/former /about/ 301" in told
    assert "/former/ /about/ 301" in told
    assert not {line.split()[0] for line in told} & {article().url, article().url.rstrip("/")}


def test_what_led_to_a_page_leads_nowhere_while_the_page_is_unpublished(folder):
    def leads() -> bool:
        freeze.run()
        return f"/former {found.url} 301" in frozen.state(folder)["redirects"][0][0].splitlines()

    found = article()
    Redirect.objects.create(old_path="/former", redirect_page=found, is_permanent=True)
    assert leads()
    found.unpublish()
    assert not leads()
    found.save_revision().publish()
    assert leads()


def test_a_freeze_that_dies_while_writing_leaves_what_was_and_the_next_finds_it_all(folder, monkeypatch):
    was = frozen.state(folder)
    Page.objects.filter(pk=article().pk).update(title="Written in bulk")

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(keeping.files, "write", die)
        with pytest.raises(KeyboardInterrupt):
            freeze.run()
    assert frozen.state(folder) == was
    freeze.run()
    assert "Written in bulk" in frozen.body(folder, article().url)


def test_a_page_that_is_refused_answers_422_and_changes_nothing(folder, monkeypatch):
    was = frozen.state(folder)
    monkeypatch.setattr(LegalPage, "serve", lambda *_: 1 / 0)
    LegalPage.objects.update(summary="Another")
    status, told = answer.answer({"after": None})
    assert status == 422
    assert set(told) >= {"what", "where", "hint"}
    assert frozen.state(folder) == was


def test_a_memory_that_was_put_back_from_a_copy_is_noticed_and_mended(folder):
    title = article().title
    Page.objects.filter(pk=article().pk).update(title="After the copy")
    copied = (folder / "frozen.db").read_bytes()
    freeze.run()
    (folder / "frozen.db-wal").unlink(missing_ok=True)
    (folder / "frozen.db").write_bytes(copied)
    assert title in frozen.body(folder, article().url)
    freeze.run()
    assert "After the copy" in frozen.body(folder, article().url)


def test_what_happened_while_triggers_were_off_is_found_by_the_sweep(folder):
    install.remove(connection)
    Page.objects.filter(pk=article().pk).update(title="Unheard of")
    freeze.run()
    assert "Unheard of" not in frozen.body(folder, article().url)
    begin = 0
    while begin is not None:
        begin = sweep.look(folder, begin)
    freeze.run()
    assert "Unheard of" in frozen.body(folder, article().url)


def test_the_search_index_follows_behind_with_a_revision_of_its_own(folder):
    before = freeze.run()["revision"]
    assert search.settle(folder)
    assert not search.settle(folder)
    assert freeze.run(before)["revision"] > before
    assert "/pagefind/pagefind.js" in frozen.state(folder)


def test_only_media_that_a_frozen_body_refers_to_are_items(folder, studio_frozen):
    (studio_frozen.data / "media" / "secret.pdf").write_bytes(b"private")
    Person.objects.update(name="Ada")
    freeze.run()
    found = frozen.state(folder)
    assert "/media/secret.pdf" not in found
    assert [path for path in found if path.startswith("/media/")]


def test_a_process_that_sees_another_revision_makes_the_freeze_begin_again(studio_alone):
    with consistent.reading() as first:
        Person.objects.order_by("pk").first()
    Person.objects.update(name="Ada")
    with consistent.reading() as second:
        pass
    assert second > first


def test_each_page_takes_as_many_queries_however_much_there_is(folder):
    few = {path: queries for path, _, queries in memory.outputs(folder)}
    parent = article().get_parent()
    for number in range(12):
        parent.add_child(
            instance=NewsPage(
                title=f"More {number}", slug=f"more-{number}", date=article().date, summary="More"
            )
        )
    freeze.run()
    many = {path: queries for path, _, queries in memory.outputs(folder)}
    both = few.keys() & many.keys() - {""}
    assert not {path: (few[path], many[path]) for path in both if many[path] > few[path] + 3}
