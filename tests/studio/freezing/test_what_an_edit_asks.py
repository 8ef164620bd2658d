"""What an edit has asked again grows with what shows it, not with the site."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from portico.studio.frame import surroundings
from portico.studio.freezing import freeze, log
from portico.studio.freezing.queries import answers


def test_an_edit_of_the_home_has_no_articles_counted_and_no_topics_gathered(studio_alone, monkeypatch):
    freeze.run()
    asked, ask = [], answers.Answers.ask
    monkeypatch.setattr(
        answers.Answers, "ask", lambda self, query, where: asked.append(query[0]) or ask(self, query, where)
    )
    home = Page.objects.get(url_path="/home/").specific
    home.headline = "Another one"
    home.save_revision().publish()
    assert freeze.run()["checked"]
    assert [sql for sql in asked if "COUNT(" in sql or "studio_newspage_topics" in sql] == []


@pytest.mark.django_db
def test_no_page_is_sought_by_the_name_of_its_kind(studio):
    surroundings.of("en")
    with CaptureQueriesContext(connection) as asked:
        assert surroundings.of("en")["finder"]
    assert [one["sql"] for one in asked if "django_content_type" in one["sql"]] == []


@pytest.mark.django_db
def test_who_published_last_is_found_as_soon_after_many_publishes(studio):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite alone counts its instructions")
    page = Page.objects.get(url_path="/home/")

    def work(entries):
        now = timezone.now()
        for _ in range(entries):
            PageLogEntry.objects.log_action(page, "wagtail.publish", timestamp=now)
        done = []
        connection.connection.set_progress_handler(lambda: done.append(1) and None, 1)
        log.newest()
        connection.connection.set_progress_handler(None, 0)
        return len(done)

    assert work(300) < 2 * work(5)
