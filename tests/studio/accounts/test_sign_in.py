import json
import re
import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from portico.studio.accounts import invitations, people

PASSWORD = "correct horse battery"

pytestmark = pytest.mark.usefixtures("time_stands_still")


def path_of(link):
    return "/" + link.split("/", 3)[3]


def choose_password(client, link, password=PASSWORD):
    shown = client.get(path_of(link), follow=True)
    assert shown.status_code == 200
    return client.post(
        shown.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True
    )


def code(secret):
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def protect(client):
    """Set an authenticator app up; its secret."""
    shown = client.get("/account/second-factor/totp/activate/")
    assert shown.status_code == 200, shown.headers
    secret = shown.context["form"].secret
    done = client.post("/account/second-factor/totp/activate/", {"code": code(secret)})
    assert done.status_code == 302, done.content
    return secret


@pytest.fixture
def ada(studio):
    return people.add("ada", "publisher", "ada@example.com")


def test_a_link_leads_to_a_password_a_second_factor_and_the_studio(studio, ada):
    client, link = Client(), invitations.link(ada)
    arrived = choose_password(client, link)
    assert arrived.request["PATH_INFO"] == "/account/second-factor/"
    assert "Protect your account" in arrived.text
    assert client.get("/studio/pages/").url == "/account/second-factor/"

    secret = protect(client)
    assert client.get("/studio/").status_code == 200
    assert "recovery_codes" in {found.type for found in Authenticator.objects.filter(user=ada)}
    kept = Authenticator.objects.get(user=ada, type="totp").data["secret"]
    assert kept != secret, "a copy of the database must not be a second factor"

    again = Client()
    assert "had its time" in again.get(path_of(link), follow=True).text


def test_a_password_alone_opens_nothing(studio, ada):
    first = Client()
    choose_password(first, invitations.link(ada))
    secret = protect(first)
    cache.clear()  # a code counts once, and time stands still between the two uses of it

    client = Client()
    asked = client.post("/account/login/", {"login": "ada", "password": PASSWORD})
    assert asked.url.startswith("/account/second-factor/authenticate/")
    assert client.get("/studio/").status_code == 302
    assert client.post(asked.url, {"code": "000000"}).status_code == 200
    assert client.get("/studio/").status_code == 302
    done = client.post(asked.url, {"code": code(secret)})
    assert (done.status_code, done.url) == (302, "/studio/")
    assert client.get("/studio/").status_code == 200


def test_wagtails_own_sign_in_leads_to_the_one_with_a_second_factor(studio):
    client = Client()
    assert client.get("/studio/").url == "/account/login/?next=/studio/"
    assert client.get("/studio/login/?next=/studio/pages/").url == "/account/login/?next=/studio/pages/"
    assert client.post("/studio/login/", {"username": "ada", "password": PASSWORD}).url == "/account/login/"
    assert client.get("/studio/password_reset/").url == "/account/login/"


def test_nobody_signs_up(studio):
    shown = Client().post(
        "/account/signup/", {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not get_user_model().objects.filter(username="eve").exists()
    assert shown.status_code == 200
    assert "closed" in shown.text.lower()


def test_guessing_is_slowed_down_for_the_guesser(studio, ada):
    ada.set_password(PASSWORD)
    ada.save()
    client = Client()
    for _ in range(5):
        client.post("/account/login/", {"login": "ada", "password": "wrong"})
    refused = client.post("/account/login/", {"login": "ada", "password": PASSWORD})
    assert refused.status_code == 200
    assert "Too many" in refused.text
    statuses = {
        client.post("/account/login/", {"login": f"x{n}", "password": "y"}).status_code for n in range(30)
    }
    assert 429 in statuses


def test_weak_passwords_are_refused(studio, ada):
    for weak in ("short", "password1234", "123456789012", "ada@example.com"):
        answer = choose_password(Client(), invitations.link(ada), weak)
        assert "errors" in answer.text, weak
    ada.refresh_from_db()
    assert not ada.has_usable_password()


def test_the_last_second_factor_stays(studio, sign_in):
    client = sign_in("ada", "publisher")
    person = get_user_model().objects.get(username="ada")
    assert Authenticator.objects.get(user=person, type="totp")
    adapter = get_adapter()
    assert not adapter.can_delete_authenticator(Authenticator.objects.get(user=person))
    Authenticator.objects.create(user=person, type="webauthn", data={})
    assert adapter.can_delete_authenticator(Authenticator.objects.get(user=person, type="totp"))
    assert client.get("/studio/").status_code == 200


def test_a_fresh_studio_has_one_link_until_it_is_used(studio):
    get_user_model().objects.all().delete()
    found = invitations.answer({})[1]
    assert found["name"] == "admin"
    assert found["url"].startswith("http://localhost:")
    choose_password(Client(), found["url"])
    assert invitations.answer({})[1] == {"name": None, "url": None}


def test_people_are_kept_by_commands(studio, capsys):
    call_command("user", "add", "ada", "--role", "editor", "--email", "ada@example.com")
    link = capsys.readouterr().out.strip()
    assert re.fullmatch(r"http://localhost:\d+/account/password/reset/key/\S+/", link)
    call_command("user", "role", "ADA", "publisher")
    call_command("user", "list")
    assert "ada  publisher  ada@example.com" in capsys.readouterr().out
    call_command("user", "off", "ada")
    assert not people.named("ada").is_active
    call_command("user", "on", "ada")
    call_command("user", "role", "ada", "admin")
    assert people.named("ada").is_superuser
    with pytest.raises(Exception, match="expected a new name"):
        call_command("user", "add", "Ada", "--role", "author")
    with pytest.raises(Exception, match="there is none"):
        call_command("user", "reset", "bob")


def test_who_lost_everything_begins_anew(studio, capsys):
    ada = people.add("ada", "publisher")
    client = Client()
    choose_password(client, invitations.link(ada))
    protect(client)
    call_command("user", "reset", "ada")
    assert client.get("/studio/").status_code == 302
    assert not Authenticator.objects.filter(user=ada).exists()
    arrived = choose_password(Client(), capsys.readouterr().out.strip())
    assert arrived.request["PATH_INFO"] == "/account/second-factor/"


def test_the_first_link_can_be_had_as_json(studio, capsys):
    get_user_model().objects.all().delete()
    call_command("invite", "--json")
    assert json.loads(capsys.readouterr().out)["hours"] == 24


def test_sessions_can_be_seen_and_ended_by_their_owner(studio, ada):
    first = Client()
    choose_password(first, invitations.link(ada))
    secret = protect(first)
    cache.clear()
    second = Client()
    asked = second.post("/account/login/", {"login": "ada", "password": PASSWORD})
    second.post(asked.url, {"code": code(secret)})
    assert second.get("/account/sessions/").context["session_count"] == 2
    second.post("/account/sessions/")
    assert first.get("/studio/").status_code == 302
    assert second.get("/studio/").status_code == 200


def test_who_is_added_in_the_admin_gets_a_link_not_a_password(studio, admin):
    form = {"username": "grace", "email": "grace@example.com", "first_name": "Grace", "last_name": "Ho"}
    answer = admin.post("/studio/users/new/", {**form, "is_active": "on"}, follow=True)
    link = re.search(r"http://localhost:\d+(/account/password/reset/key/[^\s<]+/)", answer.text)
    assert link, "the page shows the link"
    assert not people.named("grace").has_usable_password()
    assert "Sign-in &" in answer.text or "second-factor" in answer.text


def test_everybody_finds_the_way_to_their_own_security(studio, author):
    assert "/account/second-factor/" in author.get("/studio/").text
