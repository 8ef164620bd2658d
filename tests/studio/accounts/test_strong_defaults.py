import dataclasses

import pytest

from portico.studio import environment
from portico.studio.accounts import configured, people, policy, provider
from support import studios

OIDC = environment.Oidc(
    issuer="https://login.example.com",
    client="studio",
    secret="s3cret",
    name="Example",
    claim="groups",
    roles={"web": "publisher", "admins": "admin", "interns": "author"},
)


def here(**other):
    return dataclasses.replace(environment.read(), **other)


def test_djangos_deployment_check_finds_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    told = {"PORTICO_STUDIO_ADDRESS": "https://studio.example.com/"}
    said = studios.run(tmp_path, "check", "--deploy", "--fail-level", "WARNING", told=told)
    assert "no issues" in said


def test_behind_https_cookies_are_bound_to_the_host_and_plain_http_is_turned_away():
    told = configured.settings(here(address="https://studio.example.com/"))
    assert told["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert told["SESSION_COOKIE_SECURE"]
    assert told["CSRF_COOKIE_SECURE"]
    assert told["SECURE_SSL_REDIRECT"]
    assert told["CSRF_TRUSTED_ORIGINS"] == ["https://studio.example.com"]
    assert told["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_on_plain_http_no_header_makes_a_request_a_safe_one():
    told = configured.settings(here(address="http://localhost:8000/"))
    assert "SECURE_PROXY_SSL_HEADER" not in told
    assert "ALLAUTH_TRUSTED_PROXY_COUNT" not in told


def test_another_host_is_refused(studio, client):
    assert client.get("/account/login/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["web"], "publisher"),
        (["interns", "admins"], "admin"),
        (["others"], None),
        ([], None),
        ("web", "publisher"),
    ],
)
def test_groups_of_the_identity_provider_give_the_strongest_role(groups, role):
    assert provider.role({"userinfo": {"groups": groups}}, OIDC) == role
    assert provider.role({"id_token": {"groups": groups}}, OIDC) == role


def test_without_a_map_of_groups_everybody_writes_and_nobody_publishes():
    assert provider.role({}, dataclasses.replace(OIDC, roles={})) == people.AUTHOR


def test_the_provider_is_there_when_it_is_configured_and_its_secret_may_be_a_file(tmp_path, monkeypatch):
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    assert configured.settings(here(oidc=None))["SOCIALACCOUNT_PROVIDERS"] == {}
    for name, value in {
        "OIDC_ISSUER": "https://login.example.com",
        "OIDC_CLIENT_ID": "studio",
        "OIDC_CLIENT_SECRET_FILE": str(secret),
        "OIDC_NAME": "Example",
        "OIDC_ROLES": "web=publisher, admins=admin,interns=author",
    }.items():
        monkeypatch.setenv(f"PORTICO_STUDIO_{name}", value)
    assert environment.read().oidc == OIDC
    app = configured.settings(environment.read())["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"][0]
    assert app["secret"] == "s3cret"
    assert app["settings"]["oauth_pkce_enabled"]


def test_signing_in_runs_no_inline_script_and_the_admin_loads_nothing_from_elsewhere(
    studio, client, publisher
):
    told = client.get("/account/login/").headers["content-security-policy"]
    assert "unsafe" not in told
    assert "default-src 'none'" in told
    told = publisher.get("/studio/").headers["content-security-policy"]
    assert "http" not in told
    assert "default-src 'self'" in told
    assert policy.policy("/de/about/") is None


def test_one_role_at_a_time(studio):
    ada = people.add("ada", "editor")
    people.give(ada, "publisher")
    assert [group.name for group in ada.groups.all()] == ["Publishers"]
    people.give(ada, "admin")
    assert people.role_of(ada) == "admin"
