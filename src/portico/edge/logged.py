"""The line that the edge sends for a share of its requests, to whoever listens: `watch/collect/edge_log.py`.

Of the visitor it tells one bit, whether he calls himself a program, and the country where a header names it:
no address, no query, no header as it came.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SOCKET = "run/edge-log.sock"
USER = "haproxy"
"""Whom the edge's worker becomes when it is started by root; the socket has to be his."""

ONE_OF = 16
"""Of so many requests one is told, chosen by chance."""

LONGEST_PATH = 255
"""Bytes; a path is cut there, and no page's path is as long."""

LARGEST = 512
"""No line has more bytes."""

BOT_WORDS = (
    "bot",
    "portico-",
    "crawl",
    "spider",
    "slurp",
    "archiver",
    "facebookexternalhit",
    "preview",
    "monitor",
    "headless",
    "lighthouse",
    "curl/",
    "wget/",
    "python",
    "go-http-client",
    "java/",
    "okhttp",
    "libwww",
    "scrapy",
    "node-fetch",
    "axios/",
    "http://",
    "https://",
)
"""Whoever has one of these in his User-Agent, or sends none, is a program: those that say so, no others.

An address in it is a crawler's custom; no browser has one. Letters, dashes, slashes and colons alone.
"""

FORMAT = "%Tw %Tc %Tr %s %ST %[var(txn.told)]"
BROKEN = "-"
"""For a connection that never came to a request; HAProxy's own words would name its address."""

FROM_CACHE = "<CACHE>"
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Line:
    """A request: how long until its answer began, in seconds, None when no server answered it.

    `server` is a replica's name or FROM_CACHE; `path` as it was asked for, without the query; `country` two
    letters or nothing.
    """

    waited: float | None
    server: str
    status: int
    path: str
    bot: bool = False
    country: str = ""


def sampled(country_header: str | None) -> list[str]:
    """Rules for the first look. What is dear is made for the share alone; others pay for two conditions."""
    visitor = (
        f'%[req.fhdr(user-agent),regsub("^.*({"|".join(BOT_WORDS)}).*$",bot,i),regsub("^(?!bot$).+$",person)]'
    )
    country = f" %[req.fhdr({country_header}),bytes(0,3)]" if country_header else ""
    told = f"%[path,bytes(0,{LONGEST_PATH})] {visitor}{country}"
    return [
        "# the watcher is told of some requests, chosen by chance: how long it took, what was asked for",
        f"http-request set-var-fmt(txn.told) '{told}' if {{ rand({ONE_OF}) lt 1 }}",
        "http-request set-log-level silent if !{ var(txn.told) -m found }",
    ]


def parse(datagram: bytes) -> Line | None:
    """None for what isn't ours, or came to no request.

    HAProxy counts whole milliseconds, cut off; in the mean half of one is lost.
    """
    try:
        words = datagram.decode("utf-8").removesuffix("\n").split(" ", 7)
        queued, connected, answered, server, status, path, visitor, *country = words
        times = (int(queued), int(connected), int(answered))
        code = int(status)
    except ValueError:
        return None
    waited = (sum(times) + 0.5) / 1000 if min(times) >= 0 else None
    return Line(waited, server, code, path, visitor != "person", _country(*country))


def _country(text: str = "") -> str:
    """Whoever sends something else there is from nowhere."""
    return text if _COUNTRY.fullmatch(text) else ""
