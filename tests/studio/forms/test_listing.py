from __future__ import annotations

import csv
import io

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from portico.studio import mailing
from portico.studio.forms import answers, mail
from portico.studio.models.forms import Delivery
from support import inboxes

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
    assert "1 entry" in shown
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


@pytest.fixture
def server(settings):
    """A real mail server, as the settings would name it."""
    with inboxes.mails() as mails:
        for name, value in mailing.settings(
            f"smtp+plain://127.0.0.1:{mails.port}", "web@example.com"
        ).items():
            setattr(settings, name, value)
        yield mails


def _press(client, page, button, *entries, **more):
    chosen = {"selected-submissions": [entry.pk for entry in entries], "button": button, **more}
    return client.post(reverse("wagtailforms:list_submissions", args=[page.pk]), chosen)


def _mail_everything():
    while answers.send_mail({})[1]["tried"]:
        pass


def _of(name):
    return Delivery.objects.get(fields__your_name=name)


def test_what_an_editor_says_is_no_spam_is_an_entry_and_mailed_once(editor, form_page, entries, server):
    _mail_everything()
    for _ in range(2):  # a double click
        _press(editor, form_page, "not_spam", _of("Mallory"))
        _mail_everything()
    assert [mail["Reply-To"] for mail in server.got] == ["ada@example.com", "m@example.com"]
    assert "Mallory" in _list(editor, form_page).content.decode()
    assert "Mallory" not in _list(editor, form_page, spam="spam").content.decode()


def test_an_entry_that_was_mailed_is_not_mailed_again_when_it_comes_back_from_spam(
    editor, form_page, entries, server
):
    _mail_everything()
    _press(editor, form_page, "spam", _of("Ada"))
    assert "Ada" in _list(editor, form_page, spam="spam").content.decode()
    _press(editor, form_page, "not_spam", _of("Ada"))
    _mail_everything()
    assert len(server.got) == 1
    assert not _of("Ada").spam


def test_an_entry_that_an_editor_says_is_spam_is_mailed_to_nobody(editor, form_page, entries, server):
    _press(editor, form_page, "spam", _of("Ada"))
    _mail_everything()
    assert server.got == []


def test_a_mail_under_way_keeps_its_turn_when_its_entry_goes_through_spam(
    editor, form_page, entries, server, monkeypatch
):
    """As while the server is slow: who sends it holds the lease, and nobody else may send it meanwhile."""
    under_way, sends = [], mail._send

    def slow(entry):
        if not under_way:
            under_way.append(entry)
            _press(editor, form_page, "spam", entry)
            _press(editor, form_page, "not_spam", entry)
            assert mail.send_one(timezone.now()) is None
        sends(entry)

    monkeypatch.setattr(mail, "_send", slow)
    _mail_everything()
    assert [one["Reply-To"] for one in server.got] == ["ada@example.com"]


def test_the_activity_says_who_sorted_how_many_entries_and_nothing_of_them(admin, editor, form_page, entries):
    _press(editor, form_page, "not_spam", _of("Mallory"))
    _press(editor, form_page, "spam", _of("Ada"), _of("Mallory"))
    shown = " ".join(admin.get("/studio/reports/activity/").content.decode().split())
    assert "eddie" in shown
    assert "Not spam: 1 entry" in shown
    assert "Spam: 2 entries" in shown
    assert "Mallory" not in shown


def test_who_may_not_see_entries_may_not_sort_them(sign_in, form_page, entries):
    stranger = sign_in("walter", "author")
    get_user_model().objects.get(username="walter").groups.clear()
    assert _press(stranger, form_page, "not_spam", _of("Mallory")).status_code in {302, 403}
    assert _of("Mallory").spam


def test_another_forms_entries_are_not_sorted(editor, form_page, entries):
    other = apps.get_model("studio.ContactPage").objects.exclude(pk=form_page.pk).first()
    _press(editor, other, "not_spam", _of("Mallory"))
    assert _of("Mallory").spam


def test_delete_asks_first_and_a_button_leads_back_to_the_folder_and_nowhere_else(editor, form_page, entries):
    place = reverse("wagtailforms:list_submissions", args=[form_page.pk])
    back = f"{place}?spam=spam"
    asked = _press(editor, form_page, "delete", _of("Mallory"), next=back)
    assert f"selected-submissions={_of('Mallory').pk}" in asked.url
    assert _of("Mallory").fields
    assert _press(editor, form_page, "not_spam", _of("Mallory"), next=back).url == back
    assert _press(editor, form_page, "spam", _of("Mallory"), next="https://evil.example/").url == place
