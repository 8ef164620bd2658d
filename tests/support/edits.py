"""What editors, schedules and programs do to a studio's content, each as a function of a random source."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.core import management
from django.db import connection
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site

from portico.studio.models import (
    ContactField,
    Menu,
    NewsIndexPage,
    NewsPage,
    Office,
    OpeningPage,
    Person,
    Picture,
    Quote,
    ServicePage,
    SiteSettings,
    Topic,
)

Edit = Callable[[random.Random], object]


def words(dice: random.Random) -> str:
    return f"{dice.choice(['Weir', 'Turbine', 'Fish pass', 'Gauge'])} {dice.randrange(1000)} & more"


def page(dice: random.Random, model: type = Page, *, live: bool = True) -> Page:
    """None that copies another one: those follow it, and take no edits of their own."""
    own = model.objects.filter(depth__gt=2, alias_of=None).order_by("pk")
    return dice.choice(list(own.filter(live=live)) or list(own)).specific


def one(dice: random.Random, model: type) -> object:
    return dice.choice(list(model.objects.order_by("pk")))


def publish_a_title(dice):
    found = page(dice)
    found.title = words(dice)
    found.save_revision().publish()


def publish_the_home(dice):
    home = Site.objects.get(is_default_site=True).root_page.specific
    home.headline = words(dice)
    home.save_revision().publish()


def save_a_draft(dice):
    found = page(dice)
    found.title = words(dice)
    found.save_revision()


def publish_a_draft(dice):
    found = page(dice)
    if found.has_unpublished_changes:
        found.get_latest_revision().publish()


def update_in_bulk(dice):
    Page.objects.filter(pk__in=[page(dice).pk, page(dice).pk]).update(seo_title=words(dice))


def update_by_sql(dice):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_page SET title = %s WHERE id = %s", [words(dice), page(dice).pk])


def change_a_slug(dice):
    found = page(dice)
    found.slug = f"way-{dice.randrange(10_000)}"
    found.save_revision().publish()


def write_an_article(dice):
    index = dice.choice(list(NewsIndexPage.objects.filter(live=True, alias_of=None).order_by("pk")))
    article = NewsPage(
        title=words(dice),
        summary=words(dice),
        date=dt.date(2026, 1, 1) + dt.timedelta(days=dice.randrange(400)),
        author=one(dice, Person),
        live=dice.random() < 0.8,
        slug=f"article-{dice.randrange(100_000)}",
    )
    index.add_child(instance=article)
    article.topics = list(Topic.objects.filter(locale=index.locale).order_by("pk")[: dice.randrange(3)])
    article.save()


def date_an_article(dice):
    found = page(dice, NewsPage)
    found.date += dt.timedelta(days=dice.randrange(-90, 90))
    found.save_revision().publish()


def change_topics(dice):
    found = page(dice, NewsPage)
    found.topics = list(Topic.objects.filter(locale=found.locale).order_by("pk"))[dice.randrange(3) :]
    found.save()


def unpublish(dice):
    page(dice).unpublish()


def publish_again(dice):
    found = page(dice, live=False)
    found.save_revision().publish()


def delete(dice):
    page(dice, dice.choice([NewsPage, OpeningPage, ServicePage])).delete()


def move(dice):
    found = page(dice, dice.choice([NewsPage, OpeningPage, ServicePage]))
    parent = found.get_parent()
    targets = [
        one for one in parent.get_translations(inclusive=False) if one.specific_class is parent.specific_class
    ]
    if targets and not targets[0].get_children().filter(slug=found.slug).exists():
        found.move(targets[0], pos="last-child")


def put_in_order(dice):
    found = page(dice, dice.choice([OpeningPage, ServicePage]))
    found.move(found.get_parent(), pos="first-child")


def copy(dice):
    found = page(dice, dice.choice([NewsPage, OpeningPage]))
    found.copy(update_attrs={"slug": f"copy-{dice.randrange(100_000)}", "title": words(dice)})


def rename_a_person(dice):
    found = one(dice, Person)
    found.name = words(dice)
    found.save()


def delete_a_person(dice):
    if Person.objects.count() > 3:
        one(dice, Person).delete()


def change_an_office(dice):
    found = one(dice, Office)
    found.city = words(dice)
    found.save()


def change_a_quote(dice):
    found = one(dice, Quote)
    found.rank, found.text = dice.randrange(9), words(dice)
    found.save()


def rename_a_topic(dice):
    found = one(dice, Topic)
    found.name = words(dice)
    found.save()


def make_a_topic(dice):
    number = dice.randrange(100_000)
    Topic.objects.create(
        name=f"Topic {number}", slug=f"topic-{number}", locale=Locale.objects.order_by("pk").first()
    )


def delete_a_topic(dice):
    if Topic.objects.count() > 3:
        one(dice, Topic).delete()


def change_a_menu(dice):
    found = one(dice, Menu)
    found.claim = words(dice)
    found.save()


def change_the_organisation(dice):
    SiteSettings.objects.update(phone=f"+49 {dice.randrange(10**6)}")


def describe_a_picture(dice):
    Picture.objects.filter(pk=one(dice, Picture).pk).update(description=words(dice))


def add_a_redirect(dice):
    Redirect.objects.create(
        old_path=f"/old-{dice.randrange(100_000)}",
        redirect_page=page(dice),
        site=None,
        is_permanent=dice.random() < 0.5,
    )


def delete_a_redirect(dice):
    Redirect.objects.filter(pk__in=Redirect.objects.order_by("pk").values_list("pk", flat=True)[:1]).delete()


def publish_on_schedule(dice):
    found = page(dice)
    found.title = words(dice)
    found.go_live_at = timezone.now() - dt.timedelta(minutes=1)
    revision = found.save_revision(approved_go_live_at=timezone.now() - dt.timedelta(seconds=30))
    del revision
    management.call_command("publish_scheduled")


def expire_on_schedule(dice):
    found = page(dice, NewsPage)
    NewsPage.objects.filter(pk=found.pk).update(expire_at=timezone.now() - dt.timedelta(minutes=1))
    management.call_command("publish_scheduled")


def restrict(dice):
    PageViewRestriction.objects.create(page=page(dice, NewsPage), restriction_type=PageViewRestriction.LOGIN)


def open_up(dice):
    PageViewRestriction.objects.all().delete()


def hide_from_engines(dice):
    NewsPage.objects.filter(pk=page(dice, NewsPage).pk).update(noindex=dice.random() < 0.5)


def change_a_form(dice):
    field = one(dice, ContactField)
    field.label = words(dice)
    field.save()


def touch_a_content_type(dice):
    """A row that every page's class depends on, changed in nothing."""
    found = one(dice, ContentType)
    found.save()


EVERY: tuple[Edit, ...] = tuple(
    value
    for name, value in sorted(globals().items())
    if callable(value)
    and getattr(value, "__module__", "") == __name__
    and name not in {"page", "words", "one", "Edit"}
)
