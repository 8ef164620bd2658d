"""The settings of the ways out: what is measured, sent on to the tools that a company has already."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, field_validator, model_validator

from portico.config.responding import ChannelName
from portico.config.section import Place, Section


class Destination(Section):
    """Where numbers are sent over HTTP, and as whom. Secrets lie in files, read anew for each sending."""

    name: ChannelName = Field(description="What the destination is called in findings and metrics.")
    url: str = Field(description="The address; without a password in it.")
    every_s: float = Field(15, ge=1, le=300, description="Seconds between two samples, at least.")
    user: str | None = Field(None, description="The user's name, with `password_file`.")
    password_file: Place | None = Field(None, description="A file with the password.")
    bearer_file: Place | None = Field(None, description="A file with a token, sent as `Bearer`.")
    headers_file: Place | None = Field(
        None, description="A file with more headers, one `name: value` a line: API keys, a tenant."
    )
    trusted: Place | None = Field(
        None, description="A PEM file of authorities that are trusted in the place of the system's."
    )

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("expected an address that begins with https:// or http://")
        if parts.username or parts.password:
            raise ValueError("expected an address without a password: user and password_file hold it")
        return text

    @model_validator(mode="after")
    def _one_way_in(self) -> Destination:
        if (self.user is None) != (self.password_file is None):
            raise ValueError("expected user and password_file together")
        if self.user and self.bearer_file:
            raise ValueError("expected either user or bearer_file")
        return self


class RemoteWrite(Destination):
    """A server that takes Prometheus' remote write 1.0: Prometheus itself, Mimir, Thanos, VictoriaMetrics."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "prometheus", "url": "https://prometheus.example.com/api/v1/write", "every_s": 15,
                 "user": "portico", "password_file": "prometheus.password", "trusted": "company-ca.pem"},
            ]
        }
    )  # fmt: skip


class Otlp(Destination):
    """A server that takes OpenTelemetry's OTLP over HTTP: the Collector, or a service itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "collector", "url": "http://127.0.0.1:4318", "temporality": "cumulative",
                 "traces": True},
                {"name": "service", "url": "https://otlp.example.com", "headers_file": "otlp.headers",
                 "temporality": "delta", "traces": False},
            ]
        }
    )  # fmt: skip

    url: str = Field(description="The address; `/v1/metrics` and `/v1/traces` are put behind it.")
    temporality: Literal["cumulative", "delta"] = Field(
        "cumulative", description="Counters as totals since their start, or as what they grew by."
    )
    traces: bool = Field(default=True, description="Send each publish and rollback as a trace, too.")


class Export(Section):
    """The same numbers that the watcher keeps, sent on to other tools. Nothing here needs them."""

    stack: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        examples=["www.example.com"],
        description="What this stack is called there; the first of `edge/hosts` if it isn't given.",
    )
    remote_write: list[RemoteWrite] = Field(
        default_factory=list, description="Servers that take Prometheus' remote write."
    )
    otlp: list[Otlp] = Field(default_factory=list, description="Servers that take OTLP over HTTP.")

    @property
    def destinations(self) -> list[Destination]:
        return [*self.remote_write, *self.otlp]

    @model_validator(mode="after")
    def _named(self) -> Export:
        names = [one.name for one in self.destinations]
        if len(set(names)) != len(names):
            raise ValueError(f"expected destinations with names that differ, got {', '.join(names)}")
        return self
