"""Facts about the organisation, and what stands around every page: menus, footer, the words of the 404."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import TranslatableMixin

from portico.studio.blocks.body import Plain
from portico.studio.blocks.links import Column, Link, Profile
from portico.studio.models.base import PICTURE
from portico.studio.models.pictures import Picture


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    """The organisation itself, the same in every language."""

    name = models.CharField(max_length=80, default="Portico")
    legal_name = models.CharField(max_length=120, blank=True)
    founded = models.PositiveSmallIntegerField(null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country_code = models.CharField(max_length=2, blank=True, help_text="Two letters, such as DE.")
    logo = models.ForeignKey(Picture, **PICTURE)
    social = Plain([("profile", Profile())], blank=True)

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("legal_name"), FieldPanel("founded"), FieldPanel("logo")],
            "Organisation",
        ),
        MultiFieldPanel(
            [
                FieldPanel("street"),
                FieldRowPanel([FieldPanel("postal_code"), FieldPanel("city"), FieldPanel("country_code")]),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
            ],
            "How to reach it",
        ),
        FieldPanel("social"),
    ]

    class Meta:
        verbose_name = "organisation"


class Menu(TranslatableMixin, models.Model):
    """Everything around a page, in one language."""

    claim = models.CharField(
        max_length=160, blank=True, help_text="One sentence about the organisation, at the foot of each page."
    )
    main = Plain([("link", Link())], blank=True)
    action = Plain([("link", Link())], blank=True, max_num=1, help_text="The button at the end of the menu.")
    columns = Plain([("column", Column())], blank=True, help_text="At the foot of each page.")
    legal = Plain([("link", Link())], blank=True, help_text="The last line of each page.")
    missing_title = models.CharField("title of the page for wrong addresses", max_length=120, blank=True)
    missing_text = models.TextField("its text", max_length=400, blank=True)

    panels = [
        FieldPanel("main"),
        FieldPanel("action"),
        FieldPanel("columns"),
        FieldPanel("legal"),
        FieldPanel("claim"),
        MultiFieldPanel([FieldPanel("missing_title"), FieldPanel("missing_text")], "Page not found"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = "menus and footer"
        verbose_name_plural = "menus and footers"

    def __str__(self) -> str:
        return f"{_('Menus and footer')} ({self.locale})"
