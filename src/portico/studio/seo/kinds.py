"""What a page tells machines about itself: a page type answers `structured()` with one of these, or None."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    street: str = ""
    postcode: str = ""
    town: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """Who the site is of; `profiles` are the addresses of its pages elsewhere."""

    name: str
    legal_name: str = ""
    claim: str = ""
    logo: str = ""
    email: str = ""
    telephone: str = ""
    place: Place | None = None
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    published: dt.datetime | dt.date
    author: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Salary:
    """A year's, in a currency of three letters."""

    least: int
    most: int
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Job:
    """`kind` are schema.org's employment types (FULL_TIME ...); without `description`, the page's."""

    posted: dt.date
    until: dt.date | None = None
    description: str = ""
    kind: tuple[str, ...] = ("FULL_TIME",)
    place: Place | None = None
    remote: bool = False
    salary: Salary | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a head says. `home` is the site's address, `url` the page's; `card` is the picture for links.

    `alternates` are pairs of language and address, `crumbs` of name and address, `feed` of title and address.
    """

    title: str
    description: str
    company: Company
    home: str
    url: str
    canonical: str
    language: str
    card: str
    root: bool = False
    listed: bool = True
    alternates: tuple[tuple[str, str], ...] = ()
    crumbs: tuple[tuple[str, str], ...] = ()
    feed: tuple[str, str] | None = None
    about: Article | Job | None = None
    modified: dt.datetime | None = None
