"""Work at the company: what it is like, and each opening."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page

from portico.studio.models.base import CARD, BodyPage
from portico.studio.models.snippets import Office
from portico.studio.seo import kinds

_TERMS = ("office", "employment", "posted")


class CareersPage(BodyPage):
    template = "studio/careers.html"
    subpage_types = ["studio.OpeningPage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "openings": openings_of(self.language)}


class OpeningPage(BodyPage):
    """The values of `employment` are those of schema.org's JobPosting."""

    class Employment(models.TextChoices):
        FULL_TIME = "FULL_TIME", _("Full time")
        PART_TIME = "PART_TIME", _("Part time")
        FULL_OR_PART_TIME = "FULL_TIME,PART_TIME", _("Full or part time")
        TEMPORARY = "TEMPORARY", _("Temporary")
        INTERN = "INTERN", _("Internship")

    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    remote = models.BooleanField("may be done from home", default=False)
    employment = models.CharField(max_length=24, choices=Employment.choices, default=Employment.FULL_TIME)
    starts = models.CharField(max_length=80, blank=True)
    posted = models.DateField()
    closes = models.DateField(null=True, blank=True)
    salary_from = models.PositiveIntegerField("salary a year, from", null=True, blank=True)
    salary_to = models.PositiveIntegerField("to", null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")

    template = "studio/opening.html"
    parent_page_types = ["studio.CareersPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("office"), FieldPanel("remote")]),
                FieldRowPanel([FieldPanel("employment"), FieldPanel("starts")]),
                FieldRowPanel([FieldPanel("posted"), FieldPanel("closes")]),
                FieldRowPanel([FieldPanel("salary_from"), FieldPanel("salary_to"), FieldPanel("currency")]),
            ],
            "Terms",
        ),
        FieldPanel("body"),
    ]

    def structured(self) -> kinds.Job:
        """For search engines."""
        office = self.office
        place = office and kinds.Place(
            office.street, office.postal_code, office.city, office.region, office.country_code
        )
        salary = self.salary_to and kinds.Salary(
            self.salary_from or self.salary_to, self.salary_to, self.currency
        )
        return kinds.Job(
            posted=self.posted,
            until=self.closes,
            kind=tuple(self.employment.split(",")),
            place=place,
            remote=self.remote,
            salary=salary or None,
        )


def openings_of(language: str) -> list[OpeningPage]:
    found = OpeningPage.objects.live().filter(locale__language_code=language)
    return list(found.select_related("office").only(*CARD, *_TERMS).order_by("-posted", "pk"))
