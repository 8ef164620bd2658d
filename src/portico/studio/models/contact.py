"""The page with the form: what is sent goes to Portico's intake, never to this page."""

from __future__ import annotations

from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel

from portico.studio.models.base import BodyPage, SitePage
from portico.studio.models.forms import FormField, FormPage


class ContactPage(FormPage, BodyPage):  # type: ignore[misc]
    template = "studio/contact.html"
    subpage_types: list[str] = []
    content_panels = [*SitePage.content_panels, *FormPage.form_panels, FieldPanel("body")]


class ContactField(FormField):
    page = ParentalKey(ContactPage, related_name="form_fields")
