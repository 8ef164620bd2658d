"""What would make a frozen page one person's or one moment's: each is refused by name, or harmless."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, Site

from portico.studio.freezing import consistent, targets
from portico.studio.freezing.queries import answers
from portico.studio.freezing.refused import RefusedError
from portico.studio.freezing.rendering import render
from portico.studio.models import LegalPage, NewsPage


@pytest.fixture
def template(settings, tmp_path):
    """Write the template of legal pages."""
    (tmp_path / "templates" / "studio").mkdir(parents=True)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path / "templates")]}]

    def written(text: str) -> None:
        (tmp_path / "templates" / "studio" / "legal.html").write_text(text)

    return written


def legal() -> str:
    return LegalPage.objects.filter(live=True, alias_of=None).order_by("pk").first().url


def rendered(path: str) -> render.Rendered:
    with consistent.reading(), render.public():
        return render.render(targets.wanted()[path])


REFUSED = {
    "{% now 'Y' %}": "shows the time",
    "{% csrf_token %}": "token against forgery",
    "{% load wagtailuserbar %}{% wagtailuserbar %}": "request.user",
    "{{ request.GET.page }}": "request.GET",
    "{{ request.COOKIES.who }}": "request.COOKIES",
    "{{ request.session.who }}": "request.session",
    "{% if request.user.is_authenticated %}hello{% endif %}": "request.user",
    "{% with x='abc'|make_list %}{{ x|random }}{% endwith %}": "chance",
    "<script nonce='{{ csp }}'></script><script nonce=x></script>": "nonce",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_template_that_is_not_the_same_for_everybody_always_fails_the_freeze_by_its_name(
    studio_alone, template, text
):
    template(f"<html>\n{text}</html>")
    with pytest.raises(RefusedError) as refused:
        rendered(legal())
    assert REFUSED[text] in refused.value.what
    assert refused.value.where.startswith("studio/legal.html")
    assert refused.value.hint


def test_a_page_that_asks_the_clock_in_its_code_is_refused_where_it_does(studio_alone, monkeypatch):
    monkeypatch.setattr(LegalPage, "get_template", lambda *_: str(timezone.now()))
    with pytest.raises(RefusedError, match="asks for the time") as refused:
        rendered(legal())
    assert "test_traps" in refused.value.where


def test_others_in_the_process_may_ask_the_clock_after_a_render(studio_alone):
    rendered("/")
    assert timezone.now()


def test_a_page_that_writes_is_refused(studio_alone, monkeypatch):
    def write(self, request):
        Page.objects.filter(pk=self.pk).update(seo_title="counted")
        return "studio/legal.html"

    monkeypatch.setattr(LegalPage, "get_template", write)
    with pytest.raises(RefusedError, match="writes to the database"):
        rendered(legal())


def test_the_reading_connection_itself_refuses_to_write(studio_alone):
    with (
        consistent.reading(),
        pytest.raises(Exception, match=r"readonly|read-only"),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE wagtailcore_page SET title = 'x'")


@pytest.mark.parametrize(("header", "value"), [("Vary", "Cookie"), ("Set-Cookie", "a=b")])
def test_a_page_that_varies_by_cookie_or_sets_one_is_refused(studio_alone, monkeypatch, header, value):
    serve = LegalPage.serve

    def answered(self, request):
        response = serve(self, request)
        if header == "Set-Cookie":
            response.set_cookie("a", "b")
        else:
            response[header] = value
        return response

    monkeypatch.setattr(LegalPage, "serve", answered)
    with pytest.raises(RefusedError, match="cookie"):
        rendered(legal())


def test_a_page_that_breaks_fails_the_freeze_with_its_template_and_line(studio_alone, template):
    template("<html>\n\n{% if 1|divisibleby:0 %}{% endif %}</html>")
    with pytest.raises(RefusedError, match="can't be rendered") as refused:
        rendered(legal())
    assert refused.value.where == "studio/legal.html, line 3"


def test_the_language_is_the_pages_and_nobodys_accept_language(studio_alone):
    made = rendered("/de/")
    assert b'lang="de"' in made.body
    assert not made.redirect


def test_lists_have_paths_and_no_endless_queries(studio_alone):
    with consistent.reading(), render.public():
        paths = targets.wanted().keys()
    assert not [path for path in paths if "?" in path]
    assert len(paths) < 500


def test_what_is_private_is_no_url(studio_alone):
    article = NewsPage.objects.filter(live=True, alias_of=None).order_by("pk").first()
    path = article.url
    article.view_restrictions.create(restriction_type="login")
    with consistent.reading(), render.public():
        assert path not in targets.wanted()


def test_a_query_that_orders_by_what_only_editors_see_is_refused(studio_alone, monkeypatch):
    def ordered(self, request):
        list(Page.objects.order_by("latest_revision_created_at")[:3])
        return "studio/legal.html"

    monkeypatch.setattr(LegalPage, "get_template", ordered)
    made = rendered(legal())
    with consistent.reading(), pytest.raises(RefusedError, match="only editors see"):
        answers.Answers().add(made.queries, made.target.path)


def test_what_another_process_cached_long_ago_is_not_asked(studio_alone):
    Site.get_site_root_paths()
    cache.set("wagtail_site_root_paths", [], 3600)
    try:
        assert b"<main" in rendered("/").body
    finally:
        cache.clear()


def test_what_is_shared_between_pages_counts_as_read_by_each(studio_alone):
    with consistent.reading(), render.public():
        wanted = targets.wanted()
        first, second = (render.render(wanted[path]) for path in ("/", "/about/"))
    roots = {query for query in first.queries if "wagtailcore_site" in query[0]}
    assert roots
    assert roots & set(second.queries)
