"""Datadog's own looks at the site from outside: its pages and its certificate. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Any

from portico.watch.export.datadog import mark
from portico.watch.export.datadog.account.thing import SYNTHETIC, Site, Skipped, Thing

PAGE_EVERY_S, CERTIFICATE_EVERY_S = 300, 3600
SLOWEST_MS = 3000
LEFT_DAYS = 10


def things(site: Site, pages: Sequence[str], locations: Sequence[str]) -> Iterator[Thing | Skipped]:
    if why := unreachable(site.host):
        yield Skipped("synthetic tests", why)
        return
    for path in pages:
        yield _page(site, path, locations)
    yield _certificate(site, locations)


def unreachable(host: str) -> str:
    """Why Datadog can't look at this host, or nothing."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        local = host == "localhost" or "." not in host or host.endswith((".local", ".internal", ".test"))
        return f"{host} isn't reached from the internet" if local else ""
    return "" if address.is_global else f"{host} isn't reached from the internet"


def slug_of(path: str) -> str:
    """Readable, and another one for another path."""
    words = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")[:40] or "home"
    return f"synthetic-{words}-{hashlib.sha256(path.encode()).hexdigest()[:6]}"


def _page(site: Site, path: str, locations: Sequence[str]) -> Thing:
    config = {
        "request": {"method": "GET", "url": f"https://{site.host}{path}", "timeout": 30.0},
        "assertions": [
            {"type": "statusCode", "operator": "is", "target": 200},
            {"type": "responseTime", "operator": "lessThan", "target": SLOWEST_MS},
        ],
    }
    said = f"{path} is not answered well, as Datadog sees it from outside."
    return _thing(site, slug_of(path), f"page {path}", said, (("http", PAGE_EVERY_S), config, locations))


def _certificate(site: Site, locations: Sequence[str]) -> Thing:
    config = {
        "request": {"host": site.host, "port": 443},
        "assertions": [{"type": "certificate", "operator": "isInMoreThan", "target": LEFT_DAYS}],
    }
    said = f"The certificate is not trusted, or ends within {LEFT_DAYS} days."
    return _thing(
        site, "synthetic-certificate", "certificate", said, (("ssl", CERTIFICATE_EVERY_S), config, locations)
    )


def _thing(
    site: Site, slug: str, name: str, said: str, test: tuple[tuple[str, int], dict[str, Any], Sequence[str]]
) -> Thing:
    (subtype, every_s), config, locations = test
    to = f"\n\n{' '.join(site.notify)}" if site.notify else ""
    return Thing(
        SYNTHETIC,
        slug,
        {
            "name": f"{site.host}: {name}",
            "type": "api",
            "subtype": subtype,
            "status": "live",
            "message": f"{said}{to}",
            "locations": list(locations),
            "config": config,
            "options": {
                "tick_every": every_s,
                "min_failure_duration": 0,
                "min_location_failed": 1,
                "retry": {"count": 1, "interval": 1000.0},
            },
            "tags": mark.made(site.id, slug, site.tags),
        },
    )
