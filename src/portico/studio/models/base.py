"""What every page of the site has: a summary, a picture, words for search engines, the frame around it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from portico.studio.blocks.body import Body
from portico.studio.frame import links, surroundings
from portico.studio.models.pictures import Picture

PICTURE = {"null": True, "blank": True, "on_delete": models.SET_NULL, "related_name": "+"}


CARD = (*links.FIELDS, "summary", "picture")
"""What a list shows of a page."""


class SitePage(Page):
    """`summary` leads the page, stands on cards, and describes it to search engines by default."""

    summary = models.TextField(
        max_length=320,
        blank=True,
        help_text="One or two sentences: the page's lead, and what others show of it.",
    )
    picture = models.ForeignKey(Picture, **PICTURE)
    social_image = models.ForeignKey(
        Picture, help_text="Shown where the page is shared. Empty: one is drawn from the title.", **PICTURE
    )
    noindex = models.BooleanField("hide from search engines", default=False)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("picture")]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            "For search engines",
        ),
        MultiFieldPanel([FieldPanel("social_image"), FieldPanel("noindex")], "Where it is shared and found"),
    ]
    show_in_menus_default = False

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        within = {above.translation_key for above in self.trail}
        return {**context, **surroundings.of(self.language), "page": self, "within": within}

    @property
    def language(self) -> str:
        return self.locale.language_code

    @cached_property
    def trail(self) -> list[Page]:
        """The pages above this one from the homepage down, for breadcrumbs."""
        above = self.get_ancestors().filter(depth__gt=1).order_by("depth")
        return list(above.only(*links.FIELDS))

    @cached_property
    def versions(self) -> list[Page]:
        """This page in each language in which it is live, itself among them."""
        same = Page.objects.filter(translation_key=self.translation_key).live()
        shown = same.only(*links.FIELDS, "alias_of", "locale__language_code").select_related("locale")
        return list(shown.order_by("locale__language_code"))

    @cached_property
    def words_in(self) -> str:
        """The content's own language: another one than the page's where nobody translated it."""
        if self.alias_of_id is None:
            return self.language
        return Page.objects.values_list("locale__language_code", flat=True).get(pk=self.alias_of_id)


class BodyPage(SitePage):
    """A page that is made of sections."""

    body = Body(blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("body")]

    class Meta:
        abstract = True
