"""The revision rises with what a visitor could see, however it was changed, and with nothing else."""

from __future__ import annotations

import json
import socket

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from portico.studio.freezing.triggers import install
from portico.studio.models import Menu, NewsPage, Picture, SiteSettings, Topic
from portico.studio.models.revision import Change, Revision


def number() -> int:
    return Revision.objects.get().number


def any_page():
    return NewsPage.objects.filter(live=True).order_by("pk").first()


def publish():
    page = any_page()
    page.title = "Another"
    page.save_revision().publish()


def by_sql():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_page SET title = title || '!' WHERE id = %s", [any_page().pk])


SEEN = {
    "publishing": publish,
    "a bulk update": lambda: NewsPage.objects.update(summary="Short"),
    "raw SQL": by_sql,
    "a many-to-many relation": lambda: any_page().topics.through.objects.all().delete(),
    "a slug": lambda: Page.objects.filter(pk=any_page().pk).update(slug="else"),
    "a move": lambda: any_page().move(any_page().get_parent(), pos="last-child") or publish(),
    "deleting": lambda: any_page().delete(),
    "unpublishing": lambda: any_page().unpublish(),
    "a snippet": lambda: Topic.objects.filter(pk=Topic.objects.first().pk).update(name="Else"),
    "a picture": lambda: Picture.objects.update(description="Else"),
    "a menu": lambda: Menu.objects.update(claim="Else"),
    "a setting": lambda: SiteSettings.objects.update(phone="1"),
    "a redirect": lambda: Redirect.objects.create(old_path="/a", redirect_link="/b"),
    "expiry": lambda: Page.objects.filter(pk=any_page().pk).update(live=False, expired=True),
}


@pytest.mark.parametrize("what", SEEN)
def test_what_a_visitor_could_see_raises_the_revision(studio_alone, what):
    before = number()
    SEEN[what]()
    assert number() > before


UNSEEN = {
    "a draft": lambda: any_page().save_revision(),
    "a session": lambda: Session.objects.create(
        session_key="x", session_data="y", expire_date=timezone.now()
    ),
    "a person of the studio": lambda: get_user_model().objects.create(username="ann"),
    "a lock": lambda: Page.objects.filter(pk=any_page().pk).update(locked=True, locked_at=timezone.now()),
    "a write that changes nothing": lambda: NewsPage.objects.filter(pk=any_page().pk).update(
        summary=any_page().summary
    ),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_what_only_editors_see_does_not(studio_alone, what):
    before = number()
    UNSEEN[what]()
    assert number() == before


def test_a_transaction_that_is_taken_back_leaves_neither_number_nor_log(studio_alone):
    before, logged = number(), Change.objects.count()
    with transaction.atomic():
        publish()
        transaction.set_rollback(True)
    assert (number(), Change.objects.count()) == (before, logged)


def test_the_log_tells_which_columns_changed_and_the_row_before_and_after(studio_alone):
    Change.objects.all().delete()
    Page.objects.filter(pk=any_page().pk).update(slug="else", draft_title="hidden")
    change = Change.objects.get()
    assert (change.tbl, change.changed) == ("wagtailcore_page", "slug,")
    assert json.loads(change.new)["slug"] == "else"
    assert json.loads(change.old)["slug"] != "else"
    assert json.loads(change.new)["id"] == any_page().pk
    assert "draft_title" not in json.loads(change.new)


def test_installing_again_changes_nothing(studio_alone):
    before = number()
    assert not install.install(connection)
    assert number() == before


def test_statistics_that_the_database_gathered_are_no_table_of_ours(studio_alone):
    """SQLite keeps them in tables of its own, on which no trigger can be put."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    install.remove(connection)
    assert install.install(connection)


def test_a_trigger_that_somebody_removed_is_put_back_and_everything_is_looked_at(studio_alone):
    Revision.objects.update(mark="known")
    install.remove(connection)
    assert install.install(connection)
    assert Revision.objects.get().mark == ""
    before = number()
    publish()
    assert number() > before


def test_a_commit_pokes_the_freezer(studio_alone, settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as freezer:
        freezer.bind("poke")
        freezer.settimeout(5)
        settings.HERE = type(
            "Here", (), {"poke": "poke", "data": settings.HERE.data, "site": settings.HERE.site}
        )
        publish()
        assert freezer.recv(100) == b"revision"


def test_nobody_there_to_be_poked_is_no_trouble(studio_alone):
    publish()
