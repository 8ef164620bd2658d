"""What the starter's pages tell machines."""

from __future__ import annotations

import json
import re

import pytest
from django.test import RequestFactory

from portico.studio.models import HomePage, NewsPage, OpeningPage
from portico.studio.models.base import SitePage
from portico.studio.seo import head

pytestmark = pytest.mark.usefixtures("studio")
HOME = "https://localhost:8443"


def html(page, **about):
    request = RequestFactory().get("/")
    return head.write(head.gather(page, page.get_context(request) | {"request": request}, **about))


def nodes(page):
    text = re.search(r'<script type="application/ld\+json">(.*)</script>', html(page), re.DOTALL)[1]
    return {node["@type"]: node for node in json.loads(text)["@graph"]}


def english(model):
    return model.objects.live().filter(locale__language_code="en", alias_of=None).first()


def test_the_homepage_says_who_the_company_is():
    told = nodes(english(HomePage))
    assert told["Organization"]["address"]["@type"] == "PostalAddress"
    assert told["WebSite"]["publisher"] == {"@id": told["Organization"]["@id"]}


def test_a_page_names_each_language_and_the_one_for_everybody_else():
    said = html(english(HomePage))
    assert f'hreflang="de" href="{HOME}/de/"' in said
    assert f'hreflang="en" href="{HOME}/"' in said
    assert f'hreflang="x-default" href="{HOME}/"' in said
    assert f'<link rel="canonical" href="{HOME}/">' in said


def test_a_page_that_waits_for_its_translation_points_to_the_original():
    copy = NewsPage.objects.live().exclude(alias_of=None).first()
    said = html(copy)
    assert f'<link rel="canonical" href="{HOME}{copy.alias_of.url}">' in said
    assert "hreflang" not in said


def test_an_article_and_an_opening_say_what_they_are_and_where_they_stand():
    article, opening = english(NewsPage), english(OpeningPage)
    told = nodes(article)
    assert told["NewsArticle"]["datePublished"] == article.date.isoformat()
    assert [item["position"] for item in told["BreadcrumbList"]["itemListElement"]] == [1, 2, 3]
    job = nodes(opening)["JobPosting"]
    assert job["datePosted"] == opening.posted.isoformat()
    assert job["hiringOrganization"]["name"]
    assert job["jobLocation"]["address"]["addressCountry"]


def test_no_title_of_an_editor_ends_the_script():
    page = english(NewsPage)
    page.title = "</script><script>alert(1)</script> & co"
    said = html(page)
    assert "<script>alert" not in said
    assert nodes(page)["NewsArticle"]["headline"] == page.title


def test_a_part_of_a_page_has_its_own_address_and_title():
    said = html(english(NewsPage), path="/news/page/2/", title="News, page 2")
    assert f'<link rel="canonical" href="{HOME}/news/page/2/">' in said
    assert "<title>News, page 2 \N{EN DASH} " in said
    assert "hreflang" not in said


def test_every_page_can_be_told_from_others():
    written = [
        page.specific for page in HomePage.objects.first().get_descendants().live().filter(alias_of=None)
    ]
    titles = [
        re.search("<title>(.*)</title>", html(page))[1] for page in written if isinstance(page, SitePage)
    ]
    assert len(set(titles)) == len(titles)
    assert all('name="description"' in html(page) for page in written[:12] if isinstance(page, SitePage))


def test_it_takes_as_many_queries_however_much_there_is(django_assert_max_num_queries):
    page = english(NewsPage)
    request = RequestFactory().get("/")
    around = page.get_context(request) | {"request": request}
    with django_assert_max_num_queries(9):
        head.write(head.gather(page, around))
