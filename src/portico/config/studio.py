"""The settings of where editors write."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from portico.config.section import Place, Port, Section

AppName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$",
        title="app name",
        description="the dotted name of a Django app",
    ),
]


class Studio(Section):
    """Where editors write. It runs where [source] says that the site comes from it."""

    enabled: bool = Field(
        default=True, description="Run it; without it, what was published last is served as ever."
    )
    listen: str = Field("127.0.0.1", description="The address that editors' browsers reach it at.")
    port: Port = Field(8000, description="Another free port is taken, and kept, when this one is in use.")
    address: str | None = Field(
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

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, text: str | None) -> str | None:
        if text is None:
            return None
        if not text.startswith(("https://", "http://")):
            raise ValueError(f"expected an address that begins with https:// or http://, got {text!r}")
        return text.rstrip("/") + "/"
