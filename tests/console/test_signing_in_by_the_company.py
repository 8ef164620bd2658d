import pytest
from joserfc.jwk import ECKey
from starlette.requests import Request

from portico.operators import accounts, provider, vouched
from portico.operators.operator import Role
from support import companies, operators_made
from support.companies import CLIENT, SECRET
from support.doors import Console, press
from support.operators_made import PASSWORD


@pytest.fixture
def company():
    with companies.standing(1_800_000_000.0) as standing:
        standing.claims["groups"] = ["everybody", "on-call"]
        yield standing


@pytest.fixture
def console(tmp_path, company):
    (tmp_path / "oidc.secret").write_text(f"{SECRET}\n")
    return Console(
        tmp_path,
        oidc_issuer=f"'{company.address}'",
        oidc_client_id=f"'{CLIENT}'",
        oidc_client_secret_file="'oidc.secret'",
        oidc_roles="['on-call=operator', 'platform=admin']",
    )


def come_back(client, company, way="/sign-in/company?next=/"):
    """Away to the provider and back; where one is led then."""
    away = client.get(way)
    assert away.status_code == 303
    back = company.sign_in(away.headers["location"])
    return client.get(back.partition("localhost:9090")[2])


def test_a_group_gives_its_role(console, company):
    client = console.browser()
    assert "company account" in client.get("/sign-in").text
    assert come_back(client, company).headers["location"] == "/"
    assert client.get("/").status_code == 200
    account = accounts.get(console.book, "grace")
    assert (account.role, account.protected) == (Role.OPERATOR, False)
    assert console.events("signed-in") == [("grace", {"means": "provider", "address": "testclient"})]


def test_the_browser_is_sent_with_a_challenge_a_nonce_and_where_to_come_back(console, company):
    come_back(console.browser(), company)
    asked = company.asked[0]
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost:9090/sign-in/company/back"
    assert len(asked["nonce"]) > 40
    assert asked["state"] != asked["nonce"]


def test_roles_follow_the_groups_and_end_with_them(console, company):
    client = console.browser()
    come_back(client, company)
    company.claims["groups"] = ["platform"]
    come_back(console.browser(), company)
    assert accounts.get(console.book, "grace").role == Role.ADMIN
    company.claims["groups"] = []
    again = console.browser()
    come_back(again, company)
    assert "gives you a role" in again.get("/sign-in").text
    assert client.get("/").status_code == 303, "what was open is closed"


def test_groups_are_taken_of_the_userinfo_where_the_token_has_none(console, company):
    company.userinfo = {"sub": "7", "groups": ["platform"]}
    del company.claims["groups"]
    come_back(console.browser(), company)
    assert accounts.get(console.book, "grace").role == Role.ADMIN


def test_the_userinfo_of_somebody_else_is_refused(console, company):
    company.userinfo = {"sub": "8", "groups": ["platform"]}
    del company.claims["groups"]
    come_back(console.browser(), company)
    assert accounts.everybody(console.book) == []


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"iss": "https://evil.example"},
        {"exp": 1_799_990_000},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(console, company, lie):
    company.lies = lie
    client = console.browser()
    come_back(client, company)
    assert client.get("/").status_code == 303
    assert "vouch for you" in client.get("/sign-in").text


def test_a_token_that_another_key_signed_is_refused(console, company):
    company.signed_by = ECKey.generate_key("P-256", {"kid": "one"})
    client = console.browser()
    come_back(client, company)
    assert client.get("/").status_code == 303


def test_an_answer_to_another_browser_is_refused(console, company):
    victim, attacker = console.browser(), console.browser()
    victim.get("/sign-in")
    victim.get("/sign-in/company")
    away = attacker.get("/sign-in/company")
    back = company.sign_in(away.headers["location"])
    victim.get(back.partition("localhost:9090")[2])
    assert victim.get("/").status_code == 303


def test_an_answer_counts_once(console, company):
    client = console.browser()
    away = client.get("/sign-in/company")
    back = company.sign_in(away.headers["location"]).partition("localhost:9090")[2]
    assert client.get(back).headers["location"] == "/"
    client.cookies.clear()
    client.get(back)
    assert client.get("/").status_code == 303


def test_nobody_takes_over_the_account_of_a_name(console, company):
    operators_made.with_password(console.book, Role.ADMIN, name="grace")
    client = console.browser()
    client.get("/sign-in")
    come_back(client, company)
    assert "signs in otherwise" in client.get("/sign-in").text
    assert client.get("/").status_code == 303


def test_whom_the_provider_vouches_for_has_no_other_way_in(console, company):
    client = console.browser()
    come_back(client, company)
    page = client.get("/account").text
    assert "/account/password" not in page
    assert 'data-passkey="add"' not in page
    for path, fields in (
        ("/account/password", {"password": PASSWORD, "again": PASSWORD}),
        ("/account/recovery-codes", {}),
    ):
        press(client, path, "/account", **fields)
        assert "alone lets you in" in client.get("/account").text
    for path in ("/passkey/add/begin", "/passkey/add"):
        assert "alone lets you in" in press(client, path, "/account").json()["trouble"]
    assert client.get("/account/app").headers["location"] == "/account"
    assert not accounts.get(console.book, "grace").password


def test_a_password_from_before_the_provider_is_refused(console):
    secret = operators_made.with_password(console.book)
    console.book.put("UPDATE operators SET subject = 'issuer 7'")
    client = console.browser()
    console.sign_in(client, secret)
    assert client.get("/").status_code == 303
    assert console.events("refused")


def test_before_what_is_dangerous_the_provider_asks_anew(console, company):
    client = console.browser()
    come_back(client, company)
    console.at += 3600
    assert (
        press(client, "/account/password", "/account", password="x").headers["location"].startswith("/prove")
    )
    come_back(client, company, "/sign-in/company?next=/account")
    assert company.asked[-1]["prompt"] == "login"
    assert not console.gate.fresh(_asking(client)), "its word is an hour old"
    company.now = console.at
    assert come_back(client, company, "/sign-in/company?next=/account").headers["location"] == "/account"
    assert console.gate.fresh(_asking(client))


def test_a_provider_that_is_another_is_told_and_passwords_go_on(console, company):
    secret = operators_made.with_password(console.book)
    company.address = "http://127.0.0.1:9"
    client = console.browser()
    client.get("/sign-in")
    assert client.get("/sign-in/company").headers["location"] == "/sign-in"
    assert "provider" in client.get("/sign-in").text
    console.sign_in(client, secret)
    assert client.get("/").status_code == 200


def test_the_provider_is_not_asked_who_it_is_at_every_sign_in(console, company, monkeypatch):
    come_back(console.browser(), company)
    company.address = "http://127.0.0.1:9"
    assert "/authorize?" in console.browser().get("/sign-in/company").headers["location"]
    monkeypatch.setattr(provider, "_known", {})
    assert console.browser().get("/sign-in/company").headers["location"] == "/sign-in"


def test_a_provider_that_failed_is_left_alone_for_some_seconds(console, company, monkeypatch):
    client = console.browser()
    issuer = company.metadata()["issuer"]
    asked = []
    with monkeypatch.context() as broken:
        broken.setattr(company, "metadata", lambda: asked.append(1) or {"issuer": "https://other"})
        for _ in range(3):
            client.get("/sign-in/company")
    assert len(asked) == 1
    until, _ = provider._known[issuer]
    monkeypatch.setattr(provider.time, "monotonic", lambda: until)
    assert come_back(client, company).headers["location"] == "/"


def test_the_strongest_group_counts():
    roles = {"a": Role.VIEWER, "b": Role.ADMIN, "c": Role.OPERATOR}
    assert vouched.strongest(["c", "b", "x", "a"], roles) == Role.ADMIN
    assert vouched.strongest(["x"], roles) is None


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "Grace Hopper"}, "grace-hopper"),
        ({"email": "grace@example.com"}, "grace@example.com"),
        ({"preferred_username": "../etc/passwd"}, "-etc-passwd".lstrip("-")),
        ({}, "7"),
    ],
)
def test_people_are_called_by_a_name_that_can_be_typed(claims, name):
    asked = vouched.Provider("https://x", "console", "", "groups", {})
    told = vouched.of(asked, {"iss": "https://x", "sub": "7", **claims})
    assert told.name == name
    assert accounts.NAME.fullmatch(told.name)


def _asking(client):
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = {"host": "localhost:9090", "cookie": cookie, "user-agent": client.headers["user-agent"]}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": raw})
