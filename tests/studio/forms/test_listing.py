from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from portico.studio.forms import answers
from portico.studio.models.forms import Delivery

pytestmark = pytest.mark.usefixtures("studio")


@pytest.fixture
def entries(sent):
    for body in (
        sent(fields={"your_name": "Ada", "e_mail": "ada@example.com", "message": "=HYPERLINK(1)"}),
        sent(fields={"your_name": "Mallory", "e_mail": "m@example.com", "message": "pills"}, spam=True),
    ):
        answers.deliver(body)


def _list(client, page, **asked):
    return client.get(reverse("wagtailforms:list_submissions", args=[page.pk]), asked)


def test_editors_see_entries_and_when_they_are_erased_but_no_spam(admin, form_page, entries):
    shown = _list(admin, form_page).content.decode()
    assert "ada@example.com" in shown
    assert "Erased on" in shown
    assert "kept for 90 days" in shown
    assert "Mallory" not in shown


def test_spam_has_a_folder_of_its_own(admin, form_page, entries):
    shown = _list(admin, form_page, spam="spam").content.decode()
    assert "Mallory" in shown
    assert "ada@example.com" not in shown


def test_a_spreadsheet_holds_no_formula_of_a_visitors(admin, form_page, entries):
    answer = _list(admin, form_page, export="csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert rows[0][:3] == ["Received", "Your name", "E-mail"]
    assert rows[1][1:4] == ["Ada", "ada@example.com", "'=HYPERLINK(1)"]


def test_what_an_editor_deletes_is_gone_and_stays_gone(admin, form_page, sent):
    body = sent()
    answers.deliver(body)
    place = reverse("wagtailforms:delete_submissions", args=[form_page.pk])
    admin.post(f"{place}?selected-submissions={Delivery.objects.get().pk}")
    assert Delivery.objects.get().fields == {}
    assert answers.deliver(body) == (200, {"new": False})
    assert not form_page.get_submissions().exists()
