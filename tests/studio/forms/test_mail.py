from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.mail.backends import locmem
from django.utils import timezone

from portico.studio import mailing
from portico.studio.forms import answers, mail
from portico.studio.models.forms import Delivery
from support import inboxes


@pytest.fixture(autouse=True)
def _set_up(settings):
    settings.EMAIL_HOST = "mail.example.com"
    settings.DEFAULT_FROM_EMAIL = "Website <web@example.com>"


@pytest.fixture
def server_down(monkeypatch):
    def send_messages(_self, _messages):
        raise smtplib.SMTPServerDisconnected("busy")

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send_messages)
    return monkeypatch


def _later(seconds: float):
    return timezone.now() + timedelta(seconds=seconds)


def test_each_entry_is_mailed_once_to_the_forms_recipients(sent):
    body = sent()
    answers.deliver(body)
    answers.deliver(body)
    for _ in range(3):
        answers.send_mail({})
    [message] = outbox.outbox
    assert message.to == ["team@example.com", "boss@example.com"]
    assert message.reply_to == ["ada@example.com"]
    assert message.extra_headers["Message-ID"] == f"<{body['key']}@example.com>"
    assert "Message: \nHello\nthere" in message.body
    assert message.content_subtype == "plain"


def test_mails_go_in_the_order_of_the_entries(sent):
    keys = [body["key"] for body in (sent(), sent(), sent()) if answers.deliver(body)]
    while answers.send_mail({})[1]["tried"]:
        pass
    assert [message.extra_headers["Message-ID"][1:33] for message in outbox.outbox] == keys


def test_an_entry_is_taken_while_mail_is_down_and_mailed_when_it_is_back(sent, server_down):
    answers.deliver(sent())
    assert "busy" in mail.send_one(timezone.now())
    assert mail.send_one(timezone.now()) is None  # not due again so soon
    server_down.undo()
    assert mail.send_one(_later(mail.LONGEST_PAUSE_S)) == ""
    assert len(outbox.outbox) == 1


def test_a_day_without_a_mail_server_loses_no_mail(sent, server_down):
    answers.deliver(sent())
    tries = sum(mail.send_one(_later(60 * minute)) is not None for minute in range(24 * 60))
    assert 24 <= tries < 40
    server_down.undo()
    mail.send_one(_later(86400 + mail.LONGEST_PAUSE_S))
    assert len(outbox.outbox) == 1


def test_a_mail_whose_sender_died_is_sent_when_its_lease_is_over(sent, monkeypatch):
    answers.deliver(sent())

    def dies(_entry):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mail, "_send", dies)
        with pytest.raises(KeyboardInterrupt):
            mail.send_one(timezone.now())
    assert mail.send_one(timezone.now()) is None
    assert mail.send_one(timezone.now() + mail.LEASE) == ""
    assert len(outbox.outbox) == 1


@pytest.mark.parametrize("evil", ["ada@example.com\nBcc: all@example.com", "ada@example.com\r\nSubject: x"])
def test_no_header_can_be_smuggled_in(sent, evil):
    answers.deliver(sent(fields={"e_mail": evil, "your_name": evil, "message": "x"}))
    answers.send_mail({})
    [message] = outbox.outbox
    headers = message.message()
    assert headers["Bcc"] is None
    assert headers["Reply-To"] is None
    assert headers["Subject"] == "Write to us: a new entry"


def test_what_was_erased_is_mailed_to_nobody(sent):
    answers.deliver(sent())
    answers.erase({"address": "ada@example.com"})
    answers.send_mail({})
    assert outbox.outbox == []


def test_how_much_mail_waits_is_told(sent, server_down):
    answers.deliver(sent())
    said = answers.send_mail({})[1]
    assert (said["tried"], said["waiting"]) == (True, 1)
    assert "busy" in said["why"]


def test_without_a_mail_server_entries_are_taken_and_nothing_waits(sent, settings):
    settings.EMAIL_HOST = ""
    answers.deliver(sent())
    assert answers.send_mail({})[1] == {"tried": False, "why": "", "waiting": 0, "oldest_s": 0.0}
    assert Delivery.objects.count() == 1


def test_a_mail_server_is_told_by_one_address():
    told = mailing.settings("smtp://web:s%40fe@mail.example.com", "web@example.com")
    assert (told["EMAIL_HOST"], told["EMAIL_PORT"], told["EMAIL_USE_TLS"]) == ("mail.example.com", 587, True)
    assert (told["EMAIL_HOST_USER"], told["EMAIL_HOST_PASSWORD"]) == ("web", "s@fe")
    assert mailing.settings("smtp+plain://localhost:1025", "")["EMAIL_PORT"] == 1025
    with pytest.raises(ValueError, match="smtp://"):
        mailing.settings("mail.example.com", "")


@pytest.fixture
def server(settings):
    """A real mail server, as the settings would name it."""
    with inboxes.mails() as mails:
        told = mailing.settings(f"smtp+plain://127.0.0.1:{mails.port}", "web@example.com")
        for name, value in told.items():
            setattr(settings, name, value)
        yield mails


def test_a_real_server_gets_one_plain_mail_with_the_entrys_id(sent, server):
    body = sent(fields={"e_mail": "ada@example.com", "message": "Grüße\n<b>no html</b>"})
    answers.deliver(body)
    assert answers.send_mail({})[1]["why"] == ""
    [mail] = server.got
    assert mail["Message-ID"] == f"<{body['key']}@example.com>"
    assert (mail["To"], mail["Reply-To"]) == ("team@example.com, boss@example.com", "ada@example.com")
    assert mail.get_content_type() == "text/plain"
    assert "Grüße\n<b>no html</b>" in mail.get_content().replace("\r\n", "\n")
    assert "Sent by the form of https://localhost:8443/write_to_us/" in mail.get_content()


def test_a_real_server_that_is_busy_is_asked_again_with_the_same_id(sent, server):
    server.answers = ["451 try again"]
    body = sent()
    answers.deliver(body)
    assert "451" in mail.send_one(timezone.now())
    assert mail.send_one(_later(mail.LONGEST_PAUSE_S)) == ""
    assert [one["Message-ID"] for one in server.got] == [f"<{body['key']}@example.com>"]
