"""What the replicas know of a form: its fields and their limits, frozen with the page; nothing private."""

from __future__ import annotations

import json
from typing import Any

from portico.studio.forms import builder

PLACE = "/-/intake/"
MOST_BYTES = 65_536

_TYPES = {
    "singleline": ("text", builder.LINE),
    "multiline": ("textarea", builder.TEXT),
    "email": ("email", builder.ADDRESS),
    "url": ("url", builder.WEB_ADDRESS),
    "number": ("number", 40),
    "date": ("date", 10),
    "dropdown": ("choice", builder.LINE),
    "radio": ("choice", builder.LINE),
    "multiselect": ("choices", builder.LINE),
    "checkboxes": ("choices", builder.LINE),
    "checkbox": ("checkbox", 8),
    "hidden": ("hidden", builder.LINE),
}


def of(page: Any) -> dict[str, Any]:
    """The schema of a page that takes `models.forms.FormPage` in."""
    made = builder.Builder([])
    return {
        "form": page.form_name,
        "language": page.locale.language_code,
        "thanks": page.told_path("thanks"),
        "problem": page.told_path("problem"),
        "most_bytes": MOST_BYTES,
        "fields": [_field(made, field) for field in page.get_form_fields()],
    }


def path(page: Any) -> str:
    """Where the schema lies in a snapshot, and where visitors post to."""
    return PLACE + page.form_name


def encoded(page: Any) -> bytes:
    """The schema as it is frozen: the same fields give the same bytes."""
    return json.dumps(of(page), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _field(made: builder.Builder, field: Any) -> dict[str, Any]:
    kind, most = _TYPES[field.field_type]
    choices = (
        [value for value, _ in made.get_formatted_field_choices(field)]
        if kind in ("choice", "choices")
        else []
    )
    return {
        "name": field.clean_name or field.get_field_clean_name(),
        "type": kind,
        "required": field.required,
        "most": most,
        "choices": choices,
    }
