"""Sitemap, feeds and robots.txt."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from django.http import Http404
from wagtail.models import Page

from portico.studio.models import NewsPage
from portico.studio.seo import feeds, robots, sitemap, urls

pytestmark = pytest.mark.usefixtures("studio")
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def parsed(response):
    return ET.fromstring(response.content)  # noqa: S314 - our own


def test_the_sitemap_has_every_written_page_once_with_its_languages():
    found = parsed(sitemap.view(None))
    addresses = [entry.text for entry in found.findall("s:url/s:loc", NAMES)]
    assert len(set(addresses)) == len(addresses)
    assert "https://localhost:8443/" in addresses
    home = found.find("s:url", NAMES)
    languages = {link.get("hreflang") for link in home.findall("x:link", NAMES)}
    assert languages == {"en", "de", "x-default"}


def test_copies_hidden_and_unpublished_pages_are_left_out():
    before = sitemap.view(None).content.decode()
    article = NewsPage.objects.live().filter(alias_of=None, locale__language_code="en").first()
    assert article.url in before
    NewsPage.objects.filter(pk=article.pk).update(noindex=True)
    assert f"{article.url}<" not in sitemap.view(None).content.decode()
    NewsPage.objects.filter(pk=article.pk).update(noindex=False)
    Page.objects.filter(pk=article.pk).update(live=False)
    assert f"{article.url}<" not in sitemap.view(None).content.decode()
    copy = NewsPage.objects.live().exclude(alias_of=None).first()
    assert f"{copy.url}<" not in before


def test_a_long_sitemap_is_split_by_ids(monkeypatch):
    whole = sitemap.view(None).content.decode()
    monkeypatch.setattr(sitemap, "PART", 30)
    assert sitemap.paths() == ["/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml"]
    assert len(parsed(sitemap.view(None))) == 2
    parts = [sitemap.view(None, number).content.decode() for number in (1, 2)]
    entries = [line for part in parts for line in part.splitlines() if line.startswith("<url>")]
    assert sorted(entries) == sorted(line for line in whole.splitlines() if line.startswith("<url>"))
    with pytest.raises(Http404):
        sitemap.view(None, 3)


def test_the_sitemap_takes_as_many_queries_however_long_it_is(django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        sitemap.view(None)


@pytest.mark.parametrize("name", list(feeds.KINDS))
def test_each_language_has_its_own_news_and_none_that_wait_for_their_translation(name):
    german = feeds.view(None, "de", name).content.decode()
    assert "https://localhost:8443/de/aktuelles/" in german
    copy = NewsPage.objects.live().exclude(alias_of=None).first()
    assert copy.url not in german
    assert feeds.view(None, "de", name).content.decode() == german


def test_a_feed_without_news_knows_no_clock():
    NewsPage.objects.update(live=False)
    empty = feeds.view(None, "en", "feed.atom").content.decode()
    assert re.findall("<updated>(.*?)</updated>", empty) == ["2000-01-01T00:00:00+00:00"]


def test_robots_are_told_where_the_sitemap_is():
    assert "Sitemap: https://localhost:8443/sitemap.xml" in robots.view(None).content.decode()


def test_all_of_it_is_frozen():
    assert urls.paths() == [
        *("/robots.txt", "/sitemap.xml"),
        *("/feed.atom", "/feed.rss", "/de/feed.atom", "/de/feed.rss"),
    ]
