"""The settings of the company's identity provider: its secret is told by TLS, or to this machine alone."""

from __future__ import annotations

import pytest

from portico.config import load
from portico.config.models import Settings
from portico.kit.errors import ConfigError

OTHERS = {"oidc_client_id": "portico", "oidc_client_secret_file": "oidc.secret"}
ROLES = {"console": {"oidc_roles": ["on-call=operator"]}, "studio": {"oidc_roles": ["team=editor"]}}


def settings(section: str, issuer: str) -> Settings:
    return load.parse({section: {**OTHERS, **ROLES[section], "oidc_issuer": issuer}}, where="portico.toml")


@pytest.mark.parametrize("section", ROLES)
@pytest.mark.parametrize(
    "issuer", ["https://login.example.com", "http://localhost:8080/realms/a", "http://[::1]:8080"]
)
def test_a_provider_is_asked_by_tls_or_on_this_machine(section: str, issuer: str):
    assert getattr(settings(section, issuer), section).oidc_issuer == issuer


@pytest.mark.parametrize("section", ROLES)
@pytest.mark.parametrize(
    "issuer",
    ["http://login.example.com", "http://localhost.example.com", "http://127.0.0.1@login.example.com"],
)
def test_a_provider_that_hears_the_secret_in_clear_is_refused(section: str, issuer: str):
    with pytest.raises(
        ConfigError, match=f"{section}/oidc_issuer: expected an address that begins with https"
    ):
        settings(section, issuer)
