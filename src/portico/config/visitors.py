"""The settings of what visitors' browsers measure, and of the browser that goes their way now and then."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from portico.config.section import Section

KINDS = ("home", "page", "list", "service", "article", "form", "search", "missing")
"""What the studio's templates call their pages."""

Kind = Annotated[
    str,
    Field(
        pattern=r"^[a-z](?:[a-z-]{0,22}[a-z])?$",
        title="kind of page",
        description="a word of at most 24 small letters and dashes, first and last a letter",
    ),
]
"""It comes from browsers, and becomes a label."""

SitePath = Annotated[
    str,
    Field(pattern=r"^/[^\s?#]*$", title="path", description="a path of the site, as `/search/`"),
]


class Visitors(Section):
    """How fast pages are for real visitors, by their browsers' word."""

    share: float = Field(
        0.25, ge=0, le=1, description="Of so many of the visits a page of the studio tells it; 0 for none."
    )
    kinds: list[Kind] = Field(
        default_factory=lambda: list(KINDS),
        min_length=1,
        max_length=16,
        description="What pages call themselves (`data-kind`); others count as one. Each is up to 72 series.",
    )
    least: int = Field(
        100, ge=10, le=100_000, description="So many visits of a day, at least, say something about it."
    )
    per_minute: int = Field(
        60, ge=1, le=10_000, description="So often a minute one address is heard; beyond it 429."
    )


class Journey(Section):
    """A browser that goes a visitor's way: a page, the search, a form, which reaches nobody."""

    enabled: bool = Field(
        default=True, description="Go it, where Playwright and Chromium are on the watcher's machine."
    )
    every_s: float = Field(300, ge=30, le=86_400, description="Seconds between two journeys.")
    timeout_s: float = Field(60, ge=10, le=600, description="After so long a journey has failed, in seconds.")
    fails: int = Field(3, ge=1, le=10, description="So many failed journeys in a row make a finding.")
    start: SitePath = Field("/", description="Where it begins.")
    search: SitePath | None = Field(
        None, examples=["/search/"], description="The search's page; without it, it is looked for."
    )
    words: str | None = Field(
        None,
        max_length=80,
        examples=["bearing"],
        description="What is searched for; without it, a word of the page where it begins.",
    )
    form: SitePath | None = Field(
        None, examples=["/contact/"], description="A page with a form; without it, one is looked for."
    )
    keep: int = Field(10, ge=1, le=100, description="So many failures' pictures are kept.")
