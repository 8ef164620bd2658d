"""Makes a form's fields: Wagtail's, with what a browser needs to help (autocomplete, limits, kinds)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from wagtail.contrib.forms import forms as wagtail_forms

LINE = 255
TEXT = 5000
ADDRESS = 254
WEB_ADDRESS = 2000

_AUTOCOMPLETE = (
    (r"(first|given)_?name|vorname", "given-name"),
    (r"(last|family|sur)_?name|nachname", "family-name"),
    (r"company|organi[sz]ation|firma|unternehmen", "organization"),
    (r"phone|mobile|telefon|^tel$", "tel"),
    (r"post(al)?_?code|^zip|plz|postleitzahl", "postal-code"),
    (r"^city$|^town$|^ort$|^stadt$", "address-level2"),
    (r"country|^land$", "country-name"),
    (r"street|strasse", "street-address"),
    (r"(^|_)name$", "name"),
)


class Builder(wagtail_forms.FormBuilder):
    """Wagtail's builder, whose fields say to the browser what they are."""

    def create_singleline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        options["max_length"] = LINE
        return forms.CharField(**options, widget=forms.TextInput(_hints(_name(field))))

    def create_multiline_field(self, _field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(
            **options, max_length=TEXT, widget=forms.Textarea({"rows": 6, "autocomplete": "off"})
        )

    def create_email_field(self, _field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.EmailField(
            **options, max_length=ADDRESS, widget=forms.EmailInput({"autocomplete": "email"})
        )

    def create_url_field(self, _field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.URLInput({"autocomplete": "url"})
        return forms.URLField(**options, max_length=WEB_ADDRESS, assume_scheme="https", widget=widget)

    def create_number_field(self, _field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.DecimalField(
            **options, widget=forms.NumberInput({"step": "any", "inputmode": "decimal"})
        )

    def create_date_field(self, _field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.DateField(**options, widget=forms.DateInput({"type": "date"}))

    def create_dropdown_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        choices = [("", "—"), *self.get_formatted_field_choices(field)]
        return forms.ChoiceField(**options, choices=choices)


def choices(field: Any) -> list[str]:
    """What may be chosen, as Wagtail reads it."""
    return [value for value, _ in Builder([]).get_formatted_field_choices(field) if value]


def _name(field: Any) -> str:
    return field.clean_name or field.get_field_clean_name()


def _hints(name: str) -> dict[str, str]:
    for pattern, value in _AUTOCOMPLETE:
        if re.search(pattern, name):
            return {"autocomplete": value, **({"inputmode": "tel"} if value == "tel" else {})}
    return {"autocomplete": "on"}
