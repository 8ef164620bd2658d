"""The settings of where editors write."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from portico.config import oidc
from portico.config.section import Place, Port, Section

AppName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$",
        title="app name",
        description="the dotted name of a Django app",
    ),
]

GroupsRole = Annotated[
    str,
    Field(
        pattern=oidc.pattern("author", "editor", "publisher", "admin"),
        title="group and role",
        description="a group, `=`, and one of author, editor, publisher, admin",
    ),
]


class Studio(Section):
    """Where editors write. It runs where [source] says that the site comes from it."""

    enabled: bool = Field(
        default=True, description="Run it; without it, what was published last is served as ever."
    )
    listen: str = Field("127.0.0.1", description="The address that editors' browsers reach it at.")
    port: Port = Field(8000, description="Another free port is taken, and kept, when this one is in use.")
    address: oidc.Site = Field(
        None,
        examples=["https://studio.example.com/"],
        description="How editors reach it, where a proxy stands before it; passkeys are bound to this name.",
    )
    database_file: Place | None = Field(
        None,
        examples=["database.url"],
        description="A file with the database's URL, as `postgres://user:password@host/name`;"
        " none takes `DATABASE_URL` of the environment, and without that SQLite in the home.",
    )
    mail_file: Place | None = Field(
        None,
        examples=["mail.url"],
        description="A file with the mail server's URL, as `smtp://user:password@mail.example.com`; `smtps://`"
        " for TLS from the beginning, `smtp+plain://` for none. Without it nothing is mailed.",
    )
    mail_from: str | None = Field(
        None, examples=["website@example.com"], description="The sender's address of these mails."
    )
    apps: list[AppName] = Field(
        default_factory=list, description="Django apps of the site's own, with its blocks and page types."
    )
    path: Place | None = Field(None, examples=["apps"], description="The folder that they are found in.")
    four_eyes: bool = Field(
        default=False, description="Nobody publishes what they wrote alone; another person has to approve it."
    )

    second_factor: bool = Field(
        default=True, description="Whoever signs in with a password has to have a second factor, too."
    )
    oidc_issuer: oidc.Issuer = None
    oidc_client_id: oidc.ClientId = None
    oidc_client_secret_file: oidc.SecretFile = None
    oidc_name: oidc.Name = "company account"
    oidc_claim: oidc.Claim = "groups"
    oidc_roles: list[GroupsRole] = Field(
        default_factory=list,
        examples=[["web-team=publisher", "it=admin"]],
        description="The role that each of the provider's groups gives; who has none isn't let in."
        " Without any, everybody whom the provider knows is an author.",
    )

    @model_validator(mode="after")
    def _knows_its_provider(self) -> Studio:
        oidc.check(self, needs_roles=False)
        return self
