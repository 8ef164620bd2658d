from __future__ import annotations

import secrets

import pytest
from django.apps import apps

FIELDS = (
    ("Your name", "singleline", True, ""),
    ("E-mail", "email", True, ""),
    ("Message", "multiline", True, ""),
    ("Topic", "dropdown", False, "Sales, Support"),
    ("Website", "url", False, ""),
)


@pytest.fixture
def form_page(studio):
    """A page with a form, live below the home page."""
    page_model, field_model = apps.get_model("studio.ContactPage"), apps.get_model("studio.ContactField")
    home = apps.get_model("wagtailcore.Page").objects.get(depth=2, locale__language_code="en").specific
    page = page_model(
        title="Write to us", slug="write_to_us", recipients="team@example.com, boss@example.com"
    )
    page.form_fields = [
        field_model(label=label, field_type=kind, required=required, choices=choices, sort_order=order)
        for order, (label, kind, required, choices) in enumerate(FIELDS)
    ]
    home.add_child(instance=page)
    page.save_revision().publish()
    return page_model.objects.get(pk=page.pk)


@pytest.fixture
def sent(form_page):
    """What the relay posts for an entry of that page's form."""

    def made(**more):
        body = {
            "key": secrets.token_hex(16),
            "form": form_page.form_name,
            "received_at": 1_790_000_000.5,
            "fields": {"your_name": "Ada", "e_mail": "Ada@example.com", "message": "Hello\nthere"},
            "spam": False,
            "why": "",
            "language": "en",
        }
        return {**body, **more}

    return made
