"""The settings of what is measured, asked from outside, and promised."""

from __future__ import annotations

from pydantic import Field, model_validator

from portico.config.section import Name, Place, Port, Section

HERE = "here"
"""The place of the watcher itself, beside the far probes' names."""


class Watch(Section):
    """Collecting and keeping what is measured."""

    enabled: bool = Field(default=True, description="Run the watcher; without it nothing is told to anybody.")
    every_s: float = Field(5, ge=1, le=60, description="Seconds between two collections.")
    listen: str = Field(
        "127.0.0.1", description="The private listener's address: metrics, links in messages, far probes."
    )
    port: Port = Field(9464, description="Another free port is taken, and kept, when this one is in use.")
    raw_days: float = Field(3, ge=0.1, le=30, description="Days for which each sample is kept.")
    minute_days: float = Field(35, ge=1, le=120, description="Days for which minutes are kept.")
    hour_days: float = Field(400, ge=30, le=2000, description="Days for which hours are kept.")
    statsd: str | None = Field(
        None,
        examples=["127.0.0.1:8125"],
        description="An agent that is told numbers, events and service checks in DogStatsD's format: an"
        " address over UDP, or a socket as `unix:///var/run/datadog/dsd.socket`.",
    )


class Probes(Section):
    """Asking the site as a visitor does."""

    every_s: float = Field(2, ge=0.5, le=300, description="Seconds between two looks at a target.")
    timeout_s: float = Field(2, ge=0.1, le=60, description="After so long a probe has failed, in seconds.")
    fails: int = Field(3, ge=1, le=10, description="So many failed looks in a row make a finding.")
    pages: list[str] = Field(
        default_factory=lambda: ["/"],
        min_length=1,
        description="Paths that are looked at, besides a lot of others.",
    )
    trusted: Place | None = Field(
        None,
        examples=["company-ca.pem"],
        description="A PEM file of authorities that visitors trust besides those of the system.",
    )
    places: list[Name] = Field(
        default_factory=list,
        description="Names of the far probes that are expected to report (`portico probe`).",
    )
    agree: int = Field(
        1, ge=1, le=20, description="So many places, this one counted, must see a failure before it counts."
    )

    @model_validator(mode="after")
    def _named(self) -> Probes:
        if HERE in self.places:
            raise ValueError(f"expected other places than {HERE}, which is the watcher's own")
        return self


class Slo(Section):
    """The promises to visitors, each with its error budget."""

    window_days: float = Field(30, ge=1, le=90, description="The window that a promise is about, in days.")
    availability: float = Field(
        99.95, gt=50, lt=100, description="Percent of requests and looks that are answered well."
    )
    latency: float = Field(99.0, gt=50, lt=100, description="Percent of requests that are answered in time.")
    latency_ms: float = Field(250, gt=0, description="What in time means, in ms.")
    freshness: float = Field(
        99.5,
        gt=50,
        lt=100,
        description="Percent of looks that see what is live, in each cluster and the mirror.",
    )
    integrity: float = Field(
        99.99, gt=50, lt=100, description="Percent of looks that see the bytes that were signed."
    )
    incidents: int = Field(
        4,
        ge=1,
        le=100,
        description="So many undetected outages of the worst length must fit into the budget.",
    )
