"""Lists of news are plain paths, and cost the same however many articles there are."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portico.studio.models import news
from support import sitepages

pytestmark = pytest.mark.django_db


@pytest.fixture
def index():
    return news.NewsIndexPage.objects.get(slug="news")


def _add(index, count):
    for number in range(count):
        day = dt.date(2025, 1, 1) + dt.timedelta(days=number)
        index.add_child(
            instance=news.NewsPage(title=f"Old {number}", date=day, summary="So.", locale=index.locale)
        )


def _queries(path):
    sitepages.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert sitepages.get(path).status_code == 200
    return len(asked)


def test_its_paths_are_the_pages_that_there_are(index):
    assert index.frozen_paths() == [
        "/news/page/2/",
        *(f"/news/tags/{one}/" for one in ("rivers", "machines", "company")),
    ]


def test_more_articles_make_more_pages(index):
    _add(index, 10)
    assert [path for path in index.frozen_paths() if "/page/" in path] == [
        f"/news/page/{number}/" for number in (2, 3, 4)
    ]
    assert sitepages.get("/news/page/4/").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/news/page/1/", "/news/page/0/", "/news/page/99/", "/news/tags/unknown/", "/news/tags/rivers/page/9/"],
)
def test_no_page_has_two_addresses_and_none_is_endless(path):
    assert sitepages.get(path).status_code == 404


def test_a_query_changes_nothing():
    assert sitepages.get("/news/?page=2").content == sitepages.get("/news/").content


def test_an_article_about_nothing_known_is_in_no_topics_list(index):
    _add(index, 1)
    assert "Old 0" not in sitepages.get("/news/tags/rivers/").content.decode()


def test_what_is_not_published_is_in_no_list(index):
    news.NewsPage.objects.filter(title__startswith="Four kilometres", locale=index.locale).update(live=False)
    assert "Four kilometres" not in sitepages.get("/news/").content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/news/", "/news/tags/rivers/", "/news/fish-count-2026/", "/careers/", "/services/"]
)
def test_more_content_asks_the_database_no_more_often(index, path):
    before = _queries(path)
    _add(index, 12)
    assert _queries(path) == before
