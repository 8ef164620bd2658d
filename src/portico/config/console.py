"""The settings of where operators look and order, and of how they sign in."""

from __future__ import annotations

import ipaddress
from typing import Annotated

from pydantic import Field, model_validator

from portico.config import oidc
from portico.config.home import Home
from portico.config.section import Port, Section
from portico.kit import ports

GroupsRole = Annotated[
    str,
    Field(
        pattern=oidc.pattern("viewer", "operator", "admin"),
        title="group and role",
        description="a group, `=`, and one of viewer, operator, admin",
    ),
]


class Console(Section):
    """Where operators look and order. It needs neither the studio nor the keeper to show what it knows."""

    enabled: bool = Field(default=True, description="Run it; the terminal's commands need it not.")
    listen: str = Field("127.0.0.1", description="The address that operators' browsers reach it at.")
    port: Port = Field(9090, description="Another free port is taken, and kept, when this one is in use.")
    address: oidc.Site = Field(
        None,
        examples=["https://console.example.com/"],
        description="How operators reach it, where a proxy stands before it; passkeys are bound to its name.",
    )
    second_factor: bool = Field(
        default=True, description="Whoever signs in with a password has to have a second factor, too."
    )
    idle_minutes: int = Field(
        120, ge=5, le=24 * 60, description="A session ends when nothing was opened or pressed for so long."
    )
    session_hours: int = Field(
        12, ge=1, le=7 * 24, description="A session ends so long after signing in, however busy it is."
    )
    fresh_minutes: int = Field(
        15, ge=1, le=24 * 60, description="Whoever presses a dangerous button proved so lately who they are."
    )
    oidc_issuer: oidc.Issuer = None
    oidc_client_id: oidc.ClientId = None
    oidc_client_secret_file: oidc.SecretFile = None
    oidc_name: oidc.Name = "company account"
    oidc_claim: oidc.Claim = "groups"
    oidc_roles: list[GroupsRole] = Field(
        default_factory=list,
        examples=[["on-call=operator", "platform=admin"]],
        description="The role that each of the provider's groups gives; who has none isn't let in.",
    )

    @model_validator(mode="after")
    def _knows_its_provider(self) -> Console:
        oidc.check(self, needs_roles=True)
        return self


def address(home: Home, asked: Console) -> str:
    """Where an operator's browser finds it."""
    if asked.address:
        return asked.address
    port = ports.kept(home.console_port) or asked.port
    return f"http://{_host(asked.listen)}:{port}/"


def _host(listen: str) -> str:
    """Passkeys can be bound to the name localhost, and never to a number."""
    try:
        found = ipaddress.ip_address(listen)
    except ValueError:
        return listen
    if found.is_loopback or found.is_unspecified:
        return "localhost"
    return f"[{found}]" if found.version == 6 else str(found)
