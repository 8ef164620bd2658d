"""From the settings and the ledger to the facts that the page is made of. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portico.config.models import Settings
from portico.ledger import bulletins
from portico.ledger.ledger import Ledger
from portico.statuspage import facts, words
from portico.statuspage.facts import Address, Facts
from portico.watch import uptime
from portico.watch.collect import status_page
from portico.watch.uptime import Measured

SEEN = status_page.SEEN
"""Under which the ledger has what was published last."""


def gathered(ledger: Ledger, settings: Settings, base: str, *, takes_posts: bool) -> Facts:
    """As of now. `takes_posts` says whether a form that is sent at this moment would be kept."""
    asked, now = settings.status_page, ledger.now
    seen = ledger.seen(uptime.SEEN)
    measured, age_s = (uptime.read(seen[0]), now - seen[1]) if seen else ((), 0.0)
    return Facts(
        at=now,
        title=asked.title,
        address=Address(base, asked.site, asked.support),
        parts=facts.parts(_meant(measured, settings), age_s=age_s, now=now, days=asked.days),
        bulletins=tuple(bulletins.published(ledger)),
        old_after_s=asked.old_after_s,
        timezone=settings.notify.timezone,
        mail=asked.mail is not None,
        takes_posts=takes_posts,
        languages=tuple(asked.languages),
        mailed=ledger.seen(status_page.SUBSCRIBERS) is not None,
    )


def _meant(found: Iterable[Measured], settings: Settings) -> list[Measured]:
    """A folder of files has no forms of ours, whatever was once measured of them."""
    return [one for one in found if one.key != "forms" or settings.runs_studio]


def kept(found: Facts) -> dict[str, Any]:
    """What visitors read once it is published, for the ledger: what would be said now may differ."""
    told = [{"name": part.name, "state": part.state.value, "uptime": part.uptime} for part in found.parts]
    return {"at": found.at, "address": found.address.base, "headline": found.headline, "parts": told}


def news(found: Facts) -> Any:
    """What is different when the page is worth making anew at once, rather than in its minute."""
    said = [(one.id, len(one.updates)) for one in found.bulletins]
    parts = [(part.key, part.state, len(part.days), words.percent(part.uptime)) for part in found.parts]
    return said, parts, found.takes_posts
