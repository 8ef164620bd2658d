"""The settings of the public status page: its own host, what it is called, who may subscribe to it."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator

from portico.config.responding import ChannelName
from portico.config.section import Section

LOCAL = "localhost"

LANGUAGES = ("en", "de")
"""Those that the page's own words are there in."""

HostName = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?(?:\.[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?)*$",
        title="host name",
        json_schema_extra={"expected": "a host name of letters, digits, dots and dashes, without a port"},
    ),
]


def _leads_to_a_site(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"https", "http"} or not parts.hostname):
        raise ValueError(f"expected an address that begins with https:// or http://, got {text!r}")
    return text


def _leads_to_a_person(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme in {"mailto", "tel"} and parts.path:
        return text
    try:
        return _leads_to_a_site(text)
    except ValueError:
        raise ValueError(f"expected a link such as mailto:, tel: or https://, got {text!r}") from None


class StatusPage(Section):
    """What the public is told about how the site is."""

    enabled: bool = Field(default=True, description="Publish a status page, and keep it current.")
    host: HostName = Field(
        "status.localhost",
        description="The host name that it is reached by; not one of `edge/hosts`. A certificate of your own"
        " has to be for it, too.",
    )
    title: str = Field("Status", min_length=1, max_length=80, description="What stands at its top.")
    site: Annotated[str, AfterValidator(_leads_to_a_site)] = Field(
        "",
        max_length=200,
        examples=["https://www.example.com/"],
        description="Where its link to the site leads.",
    )
    support: Annotated[str, AfterValidator(_leads_to_a_person)] = Field(
        "",
        max_length=200,
        examples=["mailto:help@example.com"],
        description="Where visitors can ask a person, as a link; none shows no such link.",
    )
    languages: list[Literal["en", "de"]] = Field(
        ["en", "de"],
        min_length=1,
        description="Of its words. The first stands at `/` and is the one that you write in; each other one"
        " stands below its own name, as `/de/`.",
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

    @field_validator("languages")
    @classmethod
    def _once_each(cls, languages: list[str]) -> list[str]:
        if len(set(languages)) < len(languages):
            raise ValueError("expected each language once")
        return languages

    def below(self, language: str) -> str:
        """Where a language's pages begin: nothing for the first, or one that there isn't; such as `de/`."""
        return f"{language}/" if language in self.languages[1:] else ""

    @property
    def is_local(self) -> bool:
        """A name that leads to one's own machine, whoever asks: no authority gives a certificate for it."""
        return self.host == LOCAL or self.host.endswith(f".{LOCAL}")
