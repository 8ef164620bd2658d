"""What an edit has asked again grows with what shows it, not with the site."""

from __future__ import annotations

from wagtail.models import Page

from portico.studio.freezing import freeze
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
