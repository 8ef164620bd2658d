"""The settings of what is told to Datadog. Keys stand in files, never here."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from portico.config.section import LOOPBACK, Place, Section

Site = Literal[
    "datadoghq.com",
    "us3.datadoghq.com",
    "us5.datadoghq.com",
    "datadoghq.eu",
    "ap1.datadoghq.com",
    "ap2.datadoghq.com",
    "uk1.datadoghq.com",
    "ddog-gov.com",
    "us2.ddog-gov.com",
]
Tag = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_.-]{0,60}:[a-z0-9_./-]{1,120}$",
        title="tag",
        description="a tag of small letters such as env:production",
    ),
]
Handle = Annotated[
    str,
    Field(pattern=r"^@[^\s@]\S*$", title="handle", description="a handle such as @pagerduty-web"),
]


class Datadog(Section):
    """Telling Datadog what is measured and what happens. An agent is told by `watch/statsd`, see there."""

    site: Site = Field("datadoghq.com", description="Where your account is.")
    address: str | None = Field(
        None,
        examples=["https://datadog-relay.example.com"],
        description="What is asked in the site's place: a relay of yours.",
    )
    api_key_file: Place | None = Field(
        None,
        examples=["datadog-api.key"],
        description="A file with an API key; with it, metrics, events, logs and service checks are sent.",
    )
    app_key_file: Place | None = Field(
        None,
        examples=["datadog-app.key"],
        description="A file with an application key: for `portico datadog`, and to hold its monitors against"
        " our own alerts.",
    )
    tags: list[Tag] = Field(
        default_factory=list,
        examples=[["env:production"]],
        description="Tags of all that is sent or made there, besides our own.",
    )
    notify: list[Handle] = Field(
        default_factory=list,
        examples=[["@pagerduty-web"]],
        description="Whom the monitors there tell. Our own channels tell people whatever Datadog does.",
    )
    locations: list[str] = Field(
        default_factory=lambda: ["aws:eu-central-1", "aws:us-east-1"],
        min_length=1,
        description="Where synthetic tests look from.",
    )
    silent_after_s: float = Field(
        300, ge=60, description="So long without a good answer, and it is told as silent."
    )
    disagree_after_s: float = Field(
        900,
        ge=60,
        description="So long a monitor there may say something else than we do, before it is told.",
    )

    @field_validator("address")
    @classmethod
    def _keeps_keys_secret(cls, text: str | None) -> str | None:
        if text is None:
            return None
        parts = urlsplit(text)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("expected an address that begins with https://: keys go there")
        return text.rstrip("/")

    @model_validator(mode="after")
    def _has_a_key(self) -> Datadog:
        if self.app_key_file and not self.api_key_file:
            raise ValueError("app_key_file needs api_key_file, too")
        return self
