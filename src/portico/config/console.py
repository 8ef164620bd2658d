"""The settings of where operators look and order, and of how they sign in."""

from __future__ import annotations

import ipaddress
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from portico.config.home import Home
from portico.config.section import Place, Port, Section
from portico.kit import ports

GroupsRole = Annotated[
    str,
    Field(
        pattern=r"^[^=,]*[^=,\s][^=,]*=(?:viewer|operator|admin)$",
        title="group and role",
        description="a group, `=`, and one of viewer, operator, admin",
    ),
]


class Console(Section):
    """Where operators look and order. It needs neither the studio nor the keeper to show what it knows."""

    enabled: bool = Field(default=True, description="Run it; the terminal's commands need it not.")
    listen: str = Field("127.0.0.1", description="The address that operators' browsers reach it at.")
    port: Port = Field(9090, description="Another free port is taken, and kept, when this one is in use.")
    address: str | None = Field(
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
    oidc_issuer: str | None = Field(
        None,
        examples=["https://login.example.com"],
        description="The address of the company's identity provider, for operators to sign in by.",
    )
    oidc_client_id: str | None = Field(
        None, examples=["console"], description="What the provider knows the console as."
    )
    oidc_client_secret_file: Place | None = Field(
        None,
        examples=["console-oidc.secret"],
        description="A file with the secret that the provider gave out for it.",
    )
    oidc_name: str = Field("company account", description='What the button says after "Sign in with".')
    oidc_claim: str = Field("groups", description="Where the provider tells which groups a person is in.")
    oidc_roles: list[GroupsRole] = Field(
        default_factory=list,
        examples=[["on-call=operator", "platform=admin"]],
        description="The role that each of the provider's groups gives; who has none isn't let in.",
    )

    @model_validator(mode="after")
    def _knows_its_provider(self) -> Console:
        """Half of it would leave a button that leads nowhere, or everybody out."""
        if self.oidc_issuer and not (
            self.oidc_client_id and self.oidc_client_secret_file and self.oidc_roles
        ):
            raise ValueError("oidc_issuer needs oidc_client_id, oidc_client_secret_file and oidc_roles, too")
        return self

    @field_validator("address", "oidc_issuer")
    @classmethod
    def _is_an_address(cls, text: str | None) -> str | None:
        if text is not None and not text.startswith(("https://", "http://")):
            raise ValueError(f"expected an address that begins with https:// or http://, got {text!r}")
        return text

    @field_validator("address")
    @classmethod
    def _ends_in_a_slash(cls, text: str | None) -> str | None:
        return text and text.rstrip("/") + "/"


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
