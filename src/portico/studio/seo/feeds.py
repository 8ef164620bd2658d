"""What is new, for readers and machines: Atom and RSS in each language."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import feedgenerator, translation

from portico.studio.frame import surroundings
from portico.studio.models.news import NewsPage
from portico.studio.seo import addresses, company, kinds

MOST = 20
NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Timeless:
    """Django dates a feed without items now, and nothing that is frozen may know when that was."""

    items: list[dict]

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


class Atom(Timeless, feedgenerator.Atom1Feed):
    pass


class Rss(Timeless, feedgenerator.Rss201rev2Feed):
    pass


KINDS: dict[str, type[feedgenerator.SyndicationFeed]] = {"feed.atom": Atom, "feed.rss": Rss}


def paths() -> list[str]:
    return [path(code, name) for code, _ in settings.LANGUAGES for name in KINDS]


def path(language: str, name: str = "feed.atom") -> str:
    return addresses.language_prefix(language) + name


def told(language: str, firm: kinds.Company) -> tuple[str, str]:
    """The title and address under which a page offers the feed of its language."""
    return firm.name, path(language)


def view(_: HttpRequest, language: str, name: str) -> HttpResponse:
    with translation.override(language):
        feed = build(language, name)
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def build(language: str, name: str) -> feedgenerator.SyndicationFeed:
    firm = company.told(surroundings.organisation(), surroundings.menu(language))
    here = addresses.whole(path(language, name))
    home = addresses.whole(addresses.language_prefix(language))
    feed = KINDS[name](
        title=firm.name, link=home, description=firm.claim, language=language, feed_url=here, feed_guid=here
    )
    for article in _latest(language):
        url = addresses.of(article)
        feed.add_item(
            title=article.title,
            link=url,
            description=article.summary,
            author_name=article.author.name if article.author else firm.name,
            pubdate=_noon(article.date),
            updateddate=article.last_published_at or _noon(article.date),
            unique_id=url,
            unique_id_is_permalink=True,
            categories=[topic.name for topic in article.topics.all()],
        )
    return feed


def _latest(language: str) -> list[NewsPage]:
    """What was written in the language: an article that waits for its translation is in the other feed."""
    written = NewsPage.objects.live().public().filter(locale__language_code=language, alias_of=None)
    newest = written.select_related("author").prefetch_related("topics").order_by("-date", "-pk")
    return list(newest[:MOST])


def _noon(date: dt.date) -> dt.datetime:
    """The same day wherever it is read."""
    return dt.datetime.combine(date, dt.time(12), tzinfo=dt.UTC)
