"""Many articles for a bench, as quickly as a studio's database takes them. Django is set up before."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Page

from portico.studio.models import NewsIndexPage, NewsPage

WORDS = (
    "The weir at the lower reach was measured again in spring, and the gauge agrees with the drawings. " * 8
)


def fill(pages: int) -> None:

    index = NewsIndexPage.objects.filter(alias_of=None, live=True).order_by("pk").first()
    kind, now = ContentType.objects.get_for_model(NewsPage), timezone.now()
    example = NewsPage.objects.filter(live=True, alias_of=None).order_by("pk").first()
    first = index.numchild
    with transaction.atomic():
        for number in range(first, first + pages):
            named = f"article-{number}"
            page = NewsPage(
                title=named,
                draft_title=named,
                slug=named,
                content_type=kind,
                path=Page._get_path(index.path, index.depth + 1, number + 1000),  # noqa: SLF001 - treebeard's
                depth=index.depth + 1,
                numchild=0,
                url_path=f"{index.url_path}{named}/",
                locale=index.locale,
                live=True,
                summary=WORDS[:200],
                date=example.date.replace(year=2000 + number % 20),
                body=example.body,
                first_published_at=now,
                last_published_at=now,
            )
            models.Model.save_base(page, force_insert=True)
        Page.objects.filter(pk=index.pk).update(numchild=first + pages)
