"""What the replicas know of a form: its fields and their limits, frozen with the page; nothing private."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from portico.studio.forms import builder, names, words

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
_TOKEN = {"name": "token", "type": "hidden", "required": True, "most": 64}


def of(page: Any) -> dict[str, Any]:
    """The schema of a page that takes `models.forms.FormPage` in."""
    language = page.locale.language_code
    return {
        "form": page.form_name,
        "language": language,
        "thanks": page.told_path("thanks"),
        "problem": page.told_path("problem"),
        "most_bytes": MOST_BYTES,
        "honey": names.HONEY,
        "says": dict(words.says(language)),
        "fields": [_field(field) for field in page.get_form_fields()],
    }


def items(page: Any) -> Iterator[tuple[str, bytes]]:
    """Path and body of each schema that is frozen with this page: its own, and Portico's own forms."""
    if page.form_name and page.get_form_fields():
        yield PLACE + page.form_name, _encoded(of(page))
        for ours in (names.PROBE, names.DRILL):
            yield PLACE + ours, _encoded({"form": ours, "fields": [_TOKEN]})


def _encoded(schema: Mapping[str, Any]) -> bytes:
    """The same fields give the same bytes."""
    return json.dumps(schema, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _field(field: Any) -> dict[str, Any]:
    kind, most = _TYPES[field.field_type]
    return {
        "name": field.clean_name or field.get_field_clean_name(),
        "type": kind,
        "required": field.required,
        "most": most,
        "choices": builder.choices(field) if kind in {"choice", "choices"} else [],
    }
