"""The settings of who is told, how, and what is done without asking."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, Field, SecretStr, field_validator, model_validator

from portico.config import hours
from portico.config.section import Place, Section

How = Literal["automatic", "ask", "manual"]
Careful = Literal["ask", "manual"]
"""For what takes away the last healthy cluster: never without a person."""
Level = Literal["info", "warning", "critical"]
ChannelName = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9-]{0,30}$",
        title="name",
        json_schema_extra={
            "expected": "a name of at most 31 small letters, digits and dashes, first a letter"
        },
    ),
]


class Channel(Section):
    """A way to reach people, by an address in Apprise's form; either `url` or `url_file`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "team", "url": "mailto://portico:secret@mail.example.com/team@example.com",
                 "severity": "warning", "fallback": "pager"},
                {"name": "pager", "url_file": "pager.url", "severity": "critical"},
            ]
        }
    )  # fmt: skip

    name: ChannelName = Field(description="What the channel is called.")
    url: SecretStr | None = Field(
        None,
        description="Where messages go, as Apprise writes it: `mailto://...`, `slack://...`, `json://...`.",
    )
    url_file: Place | None = Field(
        None, description="A file that holds the url, so that it isn't written here."
    )
    severity: Level = Field("warning", description="The least severity that is sent here.")
    fallback: ChannelName | None = Field(None, description="The channel that is tried when this one fails.")

    @model_validator(mode="after")
    def _one_url(self) -> Channel:
        if (self.url is None) == (self.url_file is None):
            raise ValueError("expected either url or url_file")
        return self


class Notify(Section):
    """Telling people."""

    channels: list[Channel] = Field(default_factory=list, description="The ways to reach people.")
    oncall: Place | None = Field(
        None, examples=["oncall.ics"], description="An iCal file whose events name who is on call, and how."
    )
    escalate_after_s: float = Field(
        300, ge=10, description="An incident that nobody acknowledged goes to the next step after so long."
    )
    escalation: list[ChannelName] = Field(
        default_factory=list,
        description="The channels that are told one after the other, until somebody acknowledges.",
    )
    repeat_s: float = Field(
        3600, ge=60, description="An incident that is acknowledged but not over is told again after so long."
    )
    quiet_hours: str | None = Field(
        None, examples=["22:00-07:00"], description="Hours in which only `quiet_severity` and worse is sent."
    )
    quiet_severity: Level = Field("critical", description="The least severity that is sent in quiet hours.")
    timezone: str = Field(
        "UTC",
        description="The zone of quiet hours, and of times in messages and in the console, by its IANA name.",
    )
    runbooks: str | None = Field(
        None,
        examples=["https://wiki.example.com/runbooks/"],
        description="Where the runbooks are read; an alert's name is put behind it.",
    )
    link: str | None = Field(
        None,
        examples=["https://ops.example.com"],
        description="How people reach the watcher's private listener; without it links lead to this machine.",
    )
    dead_mans_switch: SecretStr | None = Field(
        None,
        examples=["https://hc.example.com/your-id"],
        description="An outside service's address that is asked every minute, and that alarms when it isn't.",
    )
    dead_mans_switch_file: Place | None = Field(
        None,
        examples=["switch.url"],
        description="A file that holds that address, where it isn't written here.",
    )

    @field_validator("quiet_hours")
    @classmethod
    def _are_hours(cls, text: str | None) -> str | None:
        if text is not None:
            hours.parse(text)
        return text

    @field_validator("link", "runbooks")
    @classmethod
    def _is_an_address(cls, text: str | None) -> str | None:
        if text is not None and not text.startswith(("https://", "http://")):
            raise ValueError(f"expected an address that begins with https:// or http://, got {text!r}")
        return text

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"expected a zone's name such as Europe/Berlin, got {name!r}") from None
        return name

    @model_validator(mode="after")
    def _names_lead_somewhere(self) -> Notify:
        names = [channel.name for channel in self.channels]
        if len(set(names)) != len(names):
            raise ValueError(f"expected channels with names that differ, got {', '.join(names)}")
        known = f"one of {', '.join(names)}" if names else "channels, of which there are none"
        for channel in self.channels:
            if channel.fallback == channel.name:
                raise ValueError(f"expected channel {channel.name} to fall back to another one than itself")
            if channel.fallback and channel.fallback not in names:
                raise ValueError(
                    f"expected channel {channel.name} to fall back to {known}, got {channel.fallback}"
                )
        for name in self.escalation:
            if name not in names:
                raise ValueError(f"expected escalation to name {known}, got {name}")
        return self

    def channel(self, name: str) -> Channel | None:
        return next((channel for channel in self.channels if channel.name == name), None)


class Actions(Section):
    """What may be done about a finding: by itself, after a person's yes, or by hand only."""

    restart_replica: How = Field("automatic", description="Restart a replica that misbehaves.")
    eject_replica: How = Field("automatic", description="Send no visitors to a replica that answers badly.")
    fail_over: How = Field("ask", description="Drain a cluster that visitors suffer from.")
    roll_back: How = Field("ask", description="Roll back a publish that burns the budget.")
    repair_store: How = Field("automatic", description="Repair a store from another one.")
    renew_certificate: How = Field("automatic", description="Make or fetch the certificate anew.")
    free_disk: How = Field("automatic", description="Delete what is out of retention, sooner.")
    shield: How = Field("ask", description="Tighter limits and a cache for everything while it is attacked.")
    serve_from_mirror: Careful = Field("manual", description="Let the mirror alone answer; never by itself.")
    ask_expires_s: float = Field(3600, ge=60, description="An unanswered question is void after so long.")
    shield_requests_per_second: int = Field(
        50, ge=1, description="Under the shield: requests of one address, averaged over 10 s."
    )
    shield_connections: int = Field(
        64, ge=1, description="Under the shield: connections at once from one address."
    )
    shield_calm_s: float = Field(
        900, ge=60, description="So long without a sign of an attack, and the shield is taken down."
    )
