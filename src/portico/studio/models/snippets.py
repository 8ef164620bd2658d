"""What several pages show: people, quotes, offices, customers' logos and topics, once for each language."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import TranslatableMixin

from portico.studio.models.base import PICTURE
from portico.studio.models.pictures import Picture


class Snippet(TranslatableMixin, models.Model):
    """`rank` sorts a list that shows them all."""

    rank = models.PositiveSmallIntegerField("place in lists", default=100)

    class Meta(TranslatableMixin.Meta):
        abstract = True
        ordering = ["rank", "pk"]


class Person(Snippet):
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120, blank=True)
    portrait = models.ForeignKey(Picture, **PICTURE)
    about = models.TextField(max_length=400, blank=True)
    email = models.EmailField(blank=True)

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("role")]),
        FieldPanel("portrait"),
        FieldPanel("about"),
        FieldRowPanel([FieldPanel("email"), FieldPanel("rank")]),
    ]

    class Meta(Snippet.Meta):
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name


class Quote(Snippet):
    text = models.TextField(max_length=500)
    name = models.CharField("who said it", max_length=120)
    role = models.CharField(max_length=160, blank=True)
    portrait = models.ForeignKey(Picture, **PICTURE)

    panels = [
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("name"), FieldPanel("role")]),
        FieldRowPanel([FieldPanel("portrait"), FieldPanel("rank")]),
    ]

    class Meta(Snippet.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"


class Office(Snippet):
    city = models.CharField(max_length=80)
    purpose = models.CharField("what is done there", max_length=120, blank=True)
    street = models.CharField(max_length=120)
    postal_code = models.CharField(max_length=16)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=80)
    country_code = models.CharField(max_length=2, help_text="Two letters, such as DE.")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=120, blank=True)
    picture = models.ForeignKey(Picture, **PICTURE)

    panels = [
        FieldRowPanel([FieldPanel("city"), FieldPanel("purpose")]),
        FieldPanel("street"),
        FieldRowPanel([FieldPanel("postal_code"), FieldPanel("region")]),
        FieldRowPanel([FieldPanel("country"), FieldPanel("country_code")]),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
        FieldPanel("hours"),
        FieldRowPanel([FieldPanel("picture"), FieldPanel("rank")]),
    ]

    class Meta(Snippet.Meta):
        pass

    def __str__(self) -> str:
        return self.city


class Logo(Snippet):
    name = models.CharField(max_length=120)
    mark = models.ForeignKey(Picture, **PICTURE)
    has_name = models.BooleanField("the picture shows the name", default=False)

    panels = [FieldPanel("name"), FieldPanel("mark"), FieldPanel("has_name"), FieldPanel("rank")]

    class Meta(Snippet.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class Topic(Snippet):
    """What news is about: its address is the same in every language, its name is not."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, help_text="Part of addresses: /news/tags/<this>/")

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("rank")]

    class Meta(Snippet.Meta):
        constraints = [models.UniqueConstraint(fields=["slug", "locale"], name="studio_topic_slug")]

    def __str__(self) -> str:
        return self.name
