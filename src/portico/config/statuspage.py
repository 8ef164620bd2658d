"""The settings of the public status page: its own host, what it is called, who may subscribe to it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from portico.config.responding import ChannelName
from portico.config.section import Section

LOCAL = "localhost"

HostName = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?(?:\.[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?)*$",
        title="host name",
        json_schema_extra={"expected": "a host name of letters, digits, dots and dashes, without a port"},
    ),
]


class StatusPage(Section):
    """What the public is told about how the site is."""

    enabled: bool = Field(default=True, description="Publish a status page, and keep it current.")
    host: HostName = Field(
        "status.localhost",
        description="The host name that it is reached by; not one of `edge/hosts`. A certificate of your own"
        " has to be for it, too.",
    )
    title: str = Field("Status", min_length=1, max_length=80, description="What stands at its top.")
    site: str = Field(
        "",
        max_length=200,
        examples=["https://www.example.com/"],
        description="Where its link to the site leads.",
    )
    support: str = Field(
        "",
        max_length=200,
        examples=["mailto:help@example.com"],
        description="Where visitors can ask a person, as a link; none shows no such link.",
    )
    days: int = Field(90, ge=7, le=365, description="So many days of uptime are shown.")
    old_after_s: float = Field(
        300, ge=120, le=86400, description="The page says by itself that it is out of date after so long."
    )
    mail: ChannelName | None = Field(
        None,
        examples=["team"],
        description="The mail channel of [notify] by whose server subscribers are written to; without one,"
        " nobody can subscribe by mail.",
    )
    mail_from: str | None = Field(
        None,
        examples=["status@example.com"],
        description="The sender of these mails; the channel's, if not set.",
    )

    @property
    def is_local(self) -> bool:
        """A name that leads to one's own machine, whoever asks: no authority gives a certificate for it."""
        return self.host == LOCAL or self.host.endswith(f".{LOCAL}")
