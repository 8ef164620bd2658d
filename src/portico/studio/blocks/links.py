"""Links as editors choose them: to a page of the site, or to any address."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.models import Page

from portico.studio.frame import links, phones


class PageLink(blocks.PageChooserBlock):
    """Asks for no more of a page than a link shows."""

    def bulk_to_python(self, values: list[int | None]) -> list[Page | None]:
        found = Page.objects.only(*links.FIELDS).in_bulk([value for value in values if value is not None])
        return [found.get(value) for value in values]


class LinkValue(blocks.StructValue):
    @property
    def words(self) -> str:
        page = self.get("page")
        words = self.get("label") or (page.title if page else "")
        return phones.unbroken(words) if (self.get("address") or "").startswith("tel:") else words


class Link(blocks.StructBlock):
    label = blocks.CharBlock(max_length=80, required=False, help_text="Empty: the page's title.")
    page = PageLink(required=False)
    address = blocks.CharBlock(
        max_length=500, required=False, help_text="Instead of a page: https://..., mailto:... or tel:..."
    )

    class Meta:
        icon = "link"
        value_class = LinkValue
        label_format = "{label}"

    def clean(self, value: LinkValue) -> LinkValue:
        value = super().clean(value)
        if bool(value.get("page")) == bool(value.get("address")):
            raise blocks.StructBlockValidationError(
                {"page": ValidationError(_("Choose a page, or write an address: one of the two."))}
            )
        return value


class Column(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    links = blocks.ListBlock(Link())

    class Meta:
        icon = "list-ul"
        label_format = "{title}"


class Profile(blocks.StructBlock):
    name = blocks.CharBlock(max_length=40, help_text="Such as Mastodon or LinkedIn.")
    address = blocks.URLBlock()

    class Meta:
        icon = "user"
        label_format = "{name}"
