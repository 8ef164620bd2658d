"""Who follows a page is mailed what others say about it, by a real mail server, with links that work."""

import re

import pytest
from django.apps import apps
from django.db import transaction

from portico.studio import mailing
from support import inboxes
from support.commenting import COMMENT

NOBODY = 1
"""A port that nobody listens on."""


@pytest.fixture
def server(settings, monkeypatch):
    """Mails go out when a transaction is committed, which a test's own never is: at once, here."""
    monkeypatch.setattr(transaction, "on_commit", lambda call, **_: call())
    with inboxes.mails() as mails:
        for name, value in mailing.settings(
            f"smtp+plain://127.0.0.1:{mails.port}", "studio@example.com"
        ).items():
            setattr(settings, name, value)
        yield mails


def _follow(person, page):
    apps.get_model("wagtailcore.PageSubscription").objects.create(
        user=person, page=page, comment_notifications=True
    )


def test_a_comment_is_mailed_to_who_follows_the_page_with_a_link_that_opens_it(
    edit, add_page, people, sign_in, server
):
    page = add_page()
    _follow(people["editor"], page)
    edit("author", page, **COMMENT)
    [mail] = server.got
    assert (mail["To"], mail["From"]) == ("editor@example.org", "studio@example.com")
    assert "Say who we are." in mail.get_content()
    to_page, to_preferences = re.findall(r"http://localhost:\d+(/\S+)", mail.get_content())
    client = sign_in("editor")
    assert to_page == f"/studio/pages/{page.pk}/edit/"
    assert page.title in client.get(to_page).content.decode()
    assert client.get(to_preferences).status_code == 200


def test_who_comments_is_not_mailed_about_it_and_who_does_not_follow_neither(edit, add_page, people, server):
    page = add_page()
    _follow(people["author"], page)
    edit("author", page, **COMMENT)
    assert server.got == []


def test_a_comment_is_kept_while_the_mail_server_refuses(edit, add_page, people, server):
    page = add_page()
    _follow(people["editor"], page)
    server.answers = ["451 try again"]
    assert edit("author", page, **COMMENT).status_code == 302
    assert page.wagtail_admin_comments.get().text == "Say who we are."


def test_a_comment_and_a_submission_are_kept_while_the_mail_server_is_away(
    edit, add_page, people, server, settings
):
    page = add_page()
    _follow(people["editor"], page)
    settings.EMAIL_PORT = NOBODY
    assert edit("author", page, "action-submit", **COMMENT).status_code == 302
    assert page.wagtail_admin_comments.get().text == "Say who we are."
    assert page.workflow_in_progress
