"""Forms that editors build: what a page with a form is made of, whichever page it is.

A page's model takes `FormPage` in; a model of its own takes `FormField` in, with a `ParentalKey` to the page
whose `related_name` is `form_fields`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core import validators
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import text, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms import models as wagtail_forms
from wagtail.fields import RichTextField
from wagtail.models import TranslatableMixin
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField, TranslatableField

from portico.studio.forms import builder, names, schema, words

_KINDS = [kind for kind in wagtail_forms.FORM_FIELD_CHOICES if kind[0] != "datetime"]
_LONGEST_NAME = 40


class Form(models.Model):
    """The name that a form's posts carry: kept when its page is renamed or deleted, as some are under way."""

    name = models.SlugField(max_length=_LONGEST_NAME + 10, unique=True)
    page = models.OneToOneField("wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class FormField(TranslatableMixin, wagtail_forms.AbstractFormField):
    """One field of a form, with words that can be translated."""

    field_type = models.CharField("field type", max_length=16, choices=_KINDS)
    field_type.required_on_save = True

    translatable_fields = [
        TranslatableField("label"),
        TranslatableField("help_text"),
        TranslatableField("choices"),
        TranslatableField("default_value"),
        SynchronizedField("clean_name"),
        SynchronizedField("field_type"),
        SynchronizedField("required"),
    ]

    class Meta(wagtail_forms.AbstractFormField.Meta):
        abstract = True
        unique_together = [("translation_key", "locale")]

    def get_field_clean_name(self) -> str:
        return names.usable(super().get_field_clean_name())


class FormPage(wagtail_forms.FormMixin, models.Model):
    """What a page with a form has: to be taken in before `Page`.

    Its template includes `studio/forms/form.html`. Posts go to Portico's intake, never to this page:
    nothing is answered here but what is frozen.
    """

    form_button = models.CharField("words of the button", max_length=60, blank=True)
    thanks_title = models.CharField("title of the thank-you page", max_length=120, blank=True)
    thanks_text = RichTextField("thank-you text", blank=True, features=["bold", "italic", "link"])
    recipients = models.CharField(
        max_length=500,
        blank=True,
        validators=[wagtail_forms.validate_to_address],
        help_text="Each entry is mailed to these addresses, separated by commas. Nobody else sees them.",
    )
    keep_days = models.PositiveIntegerField(
        "days to keep entries",
        default=90,
        validators=[validators.MinValueValidator(1), validators.MaxValueValidator(3650)],
        help_text="After so many days an entry is erased for good.",
    )

    form_builder = builder.Builder
    told_template = "studio/forms/told.html"
    preview_modes = [("", _("Form")), ("thanks", _("Thank-you page")), ("problem", _("Problem page"))]

    form_panels = [
        InlinePanel("form_fields", label="field", heading="Fields of the form"),
        MultiFieldPanel(
            [FieldPanel("form_button"), FieldPanel("thanks_title"), FieldPanel("thanks_text")],
            "What visitors read",
        ),
        MultiFieldPanel([FieldPanel("recipients"), FieldPanel("keep_days")], "What becomes of entries"),
    ]
    translatable_form_fields = [
        TranslatableField("form_button"),
        TranslatableField("thanks_title"),
        TranslatableField("thanks_text"),
        TranslatableField("form_fields"),
        SynchronizedField("recipients"),
        SynchronizedField("keep_days"),
    ]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if not Form.objects.filter(page_id=self.pk).exists():
            Form.objects.create(page_id=self.pk, name=self._new_name())

    @property
    def form_name(self) -> str:
        """How the form is called in addresses and the journal; empty before the page is saved."""
        return Form.objects.filter(page_id=self.pk).values_list("name", flat=True).first() or ""

    @property
    def form_words(self) -> Mapping[str, str]:
        return words.of(self.locale.language_code)

    def get_submission_class(self) -> type[Delivery]:
        return Delivery

    def get_submissions(self) -> Deliveries:
        """Those of its aliases, too: they are the same form at other addresses."""
        ours = models.Q(form__page=self.pk) | models.Q(form__page__alias_of=self.pk)
        return Delivery.objects.kept().filter(ours)

    def get_data_fields(self) -> list[tuple[str, str]]:
        fields = [(field.clean_name, field.label) for field in self.get_form_fields()]
        return [("received_at", _("Received")), *fields, ("erase_at", _("Erased on")), ("why", _("Spam, as"))]

    def get_submissions_list_view_class(self) -> type:
        from portico.studio.forms.listing import EntriesView  # noqa: PLC0415 - the admin is not loaded yet

        return EntriesView

    def frozen_paths(self) -> list[str]:
        """Paths beside the page's own that visitors are led to."""
        return [self.told_path(told) for told in names.TOLD]

    def frozen_items(self) -> Iterator[tuple[str, bytes]]:
        """Path and body of what is frozen beside pages: the schemas that replicas hold posts to."""
        return schema.items(self)

    def told_path(self, told: str) -> str:
        _, _, path = self.get_url_parts()
        return f"{path}{told}/"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if self.live and len(path_components) == 1 and path_components[0] in names.TOLD:
            return RouteResult(self, kwargs={"told": path_components[0]})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, told: str = "") -> HttpResponse:
        return TemplateResponse(request, self.get_template(request, told), self.get_context(request, told))

    def get_template(self, _request: HttpRequest, told: str = "") -> str:
        return self.told_template if told else self.template

    def get_context(self, request: HttpRequest, told: str = "") -> dict[str, Any]:
        return {**super().get_context(request), "form": self.get_form(), "told": told}

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return self.get_template(request, mode_name)

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return self.get_context(request, mode_name)

    def _new_name(self) -> str:
        base = text.slugify(self.slug).replace("_", "-")[:_LONGEST_NAME].strip("-") or "form"
        language = self.locale.language_code.lower()
        for name in (base, f"{base}-{language}"):
            if not Form.objects.filter(name=name).exists():
                return name
        return f"{base}-{self.pk}"


class Deliveries(models.QuerySet):
    """Deleting one takes away what the visitor wrote; its key stays, so that a late copy isn't a new one."""

    def kept(self) -> Deliveries:
        return self.filter(erased_at=None)

    def delete(self) -> tuple[int, dict[str, int]]:
        erased = self.erase(timezone.now())
        return erased, {self.model._meta.label: erased}  # noqa: SLF001 - Django's public name for it

    def really_delete(self) -> None:
        """Keys and all: for what no visitor sent."""
        super().delete()

    def erase(self, now: datetime) -> int:
        """How many there were."""
        empty: dict[str, Any] = {"fields": {}, "sender": "", "why": "", "mail_after": None}
        return self.kept().update(erased_at=now, **empty)


class Delivery(models.Model):
    """What a visitor sent by a form: delivered once (by its key), mailed once, erased when its time is over.

    `sender` is the address found in it, for answers, export and erasure. `mail_after` is empty where nobody
    is to get it by mail.
    """

    key = models.CharField(max_length=32, unique=True)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="deliveries")
    language = models.CharField(max_length=12, blank=True)
    received_at = models.DateTimeField()
    delivered_at = models.DateTimeField(auto_now_add=True)
    erase_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    fields = models.JSONField(default=dict)
    sender = models.CharField(max_length=254, blank=True, db_index=True)
    spam = models.BooleanField(default=False)
    why = models.CharField("why it counts as spam", max_length=120, blank=True)
    mail_after = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = Deliveries.as_manager()

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["form", "spam", "received_at"], name="studio_delivery_listed"),
            models.Index(fields=["erase_at"], condition=models.Q(erased_at=None), name="studio_delivery_due"),
            models.Index(
                fields=["mail_after"], condition=models.Q(mailed_at=None), name="studio_mail_waiting"
            ),
        ]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.form} {self.received_at:%Y-%m-%d %H:%M}"

    def get_data(self) -> dict[str, Any]:
        """As Wagtail's list of submissions asks for it."""
        return {
            **self.fields,
            "received_at": self.received_at,
            "erase_at": self.erase_at,
            "why": gettext(self.why) if self.why else "",
        }
