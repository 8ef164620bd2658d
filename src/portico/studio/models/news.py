"""News: articles, and lists of them by page and by topic whose addresses are plain paths."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from portico.studio.models.base import CARD, BodyPage, SitePage
from portico.studio.models.snippets import Person, Topic
from portico.studio.seo import kinds

PER_PAGE = 6
LATEST = 3
OTHERS = 3
NEARBY = 4
"""Places before and behind an article's own; articles that are gone leave theirs empty."""


class _Paginator(Paginator):
    """Told how many there are."""

    count = 0


class NewsIndexPage(RoutablePageMixin, SitePage):
    template = "studio/news_index.html"
    subpage_types = ["studio.NewsPage"]

    @path("")
    def all_news(self, request: HttpRequest) -> HttpResponse:
        return self._list(request, None, 1)

    @path("page/<int:number>/")
    def older_news(self, request: HttpRequest, number: int) -> HttpResponse:
        return self._list(request, None, _later(number))

    @path("tags/<slug:slug>/")
    def news_about(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._list(request, slug, 1)

    @path("tags/<slug:slug>/page/<int:number>/")
    def older_news_about(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        return self._list(request, slug, _later(number))

    def articles(self, slug: str | None = None) -> models.QuerySet:
        found = self._written(slug).order_by("-date", "-pk")
        if slug is not None:
            found = found.distinct()
        return found.select_related("picture").only(*CARD, "date")

    def count(self, slug: str | None = None) -> int:
        """Without a query inside of another: a freeze knows then that no title matters to it."""
        found = self._written(slug).aggregate(articles=models.Count("pk", distinct=True))
        return int(found["articles"])

    def _written(self, slug: str | None) -> models.QuerySet:
        found = NewsPage.objects.child_of(self).live()
        return found if slug is None else found.filter(topics__slug=slug)

    def used_topics(self) -> list[Topic]:
        """Those that an article is about, in this page's language where they were translated.

        Asked step by step, not by one query inside of another, for the reason of `count`.
        """
        used = self._written(None).order_by().values_list("topics", flat=True).distinct()
        about = Topic.objects.filter(pk__in=sorted(filter(None, used))).values_list(
            "translation_key", flat=True
        )
        keys = sorted(set(about))
        found = Topic.objects.filter(translation_key__in=keys).select_related("locale").order_by("rank", "pk")
        by_key: dict[Any, Topic] = {}
        for topic in found:
            if topic.translation_key not in by_key or topic.locale_id == self.locale_id:
                by_key[topic.translation_key] = topic
        return list(by_key.values())

    def frozen_paths(self) -> list[str]:
        """Paths of the lists beside the page's own."""
        _, _, start = self.get_url_parts()
        paths = _pages(start, self.count())
        for topic in self.used_topics():
            own = f"{start}tags/{topic.slug}/"
            paths += [own, *_pages(own, self.count(topic.slug))]
        return paths

    def _list(self, request: HttpRequest, slug: str | None, number: int) -> HttpResponse:
        topics = self.used_topics()
        topic = next((one for one in topics if one.slug == slug), None)
        if slug is not None and topic is None:
            raise Http404
        shown = _Paginator(self.articles(slug), PER_PAGE)
        shown.count = self.count(slug)
        if number > shown.num_pages:
            raise Http404
        return self.render(request, context_overrides=self._told(request, topics, topic, shown.page(number)))

    def _told(
        self, request: HttpRequest, topics: list[Topic], topic: Topic | None, shown: Slice
    ) -> dict[str, Any]:
        start = self.get_url(request)
        here = f"{start}tags/{topic.slug}/" if topic else start
        return {
            "articles": shown,
            "topics": topics,
            "topic": topic,
            "heading": f"{self.title}: {topic.name}" if topic else self.title,
            "start": start,
            "here": here,
            "newer": _address(here, shown.number - 1) if shown.has_previous() else "",
            "older": _address(here, shown.number + 1) if shown.has_next() else "",
            "path": _address(here, shown.number),
        }


class NewsPage(BodyPage):
    date = models.DateField(db_index=True)
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    topics = ParentalManyToManyField(Topic, blank=True, related_name="+")

    template = "studio/news.html"
    parent_page_types = ["studio.NewsIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *SitePage.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("author")]),
        FieldPanel("topics"),
        FieldPanel("body"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context(request, *args, **kwargs),
            "others": self.others(),
            "topics": self.named_topics,
        }

    def others(self) -> list[NewsPage]:
        """Its neighbours in the tree, written about the same time: a new article changes these alone."""
        near = Page.objects.live().filter(path__in=self._paths_nearby()).values_list("path", "pk")
        here = self._step(self.path)
        nearest = sorted(near, key=lambda one: (abs(self._step(one[0]) - here), one[0]))[:OTHERS]
        found = NewsPage.objects.filter(pk__in=[key for _, key in nearest]).order_by("-date", "-pk")
        return list(found.select_related("picture").only(*CARD, "date"))

    def _paths_nearby(self) -> list[str]:
        """Named one by one: a freeze then knows whom an article can matter to."""
        here = self._step(self.path)
        steps = range(max(1, here - NEARBY), here + NEARBY + 1)
        return [self._get_path(self.path, self.depth, step) for step in steps if step != here]

    def _step(self, path: str) -> int:
        return int(self._str2int(path[-self.steplen :]))

    def structured(self) -> kinds.Article:
        """For search engines."""
        topics = tuple(topic.name for topic in self.named_topics)
        return kinds.Article(self.date, self.author.name if self.author else "", tags=topics)

    @cached_property
    def named_topics(self) -> list[Topic]:
        keys = [topic.translation_key for topic in self.topics.all()]
        named = Topic.objects.filter(translation_key__in=keys, locale_id=self.locale_id)
        return list(named.order_by("rank", "pk")) or list(self.topics.all())


def latest(language: str) -> list[NewsPage]:
    found = NewsPage.objects.live().filter(locale__language_code=language).order_by("-date", "-pk")
    return list(found.select_related("picture").only(*CARD, "date")[:LATEST])


def _later(number: int) -> int:
    """The first page has one address only."""
    if number < 2:
        raise Http404
    return number


def _pages(start: str, articles: int) -> list[str]:
    return [_address(start, number) for number in range(2, -(-articles // PER_PAGE) + 1)]


def _address(start: str, number: int) -> str:
    return start if number == 1 else f"{start}page/{number}/"
