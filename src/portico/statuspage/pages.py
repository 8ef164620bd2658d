"""From facts to the page's files, by path: what is frozen. The same facts give the same bytes. Pure."""

from __future__ import annotations

import json
from typing import Any

from portico.kit import dates
from portico.ledger.bulletins import Bulletin
from portico.statuspage import feed, forms, words
from portico.statuspage.facts import Facts
from portico.statuspage.render import Renderer

DATA = "/status.json"
JOINING = {
    "/subscribe/sent/": "sent",
    "/subscribe/problem/": "problem",
    "/confirm/": "confirm",
    "/confirm/done/": "confirmed",
}
LEAVING = {"/unsubscribe/": "leave", "/unsubscribe/done/": "left"}
"""They stay when mail is switched off: mails that were sent before lead to them."""


def made(facts: Facts) -> dict[str, bytes]:
    """Every file of the status page, in each of its languages."""
    files = {DATA: _data(facts)}
    for language in facts.languages:
        files |= _in(facts, language)
    if facts.may_leave:
        files |= forms.schemas(facts.languages, joining=facts.mail)
    return files


def _in(facts: Facts, language: str) -> dict[str, bytes]:
    below = facts.below(language)
    render = Renderer(facts, language)
    written: dict[str, tuple[str, dict[str, Any]]] = {
        "/": ("index", {}),
        "/history/": ("history", {"months": months(facts, language)}),
        **{f"/incidents/{one.id}/": ("bulletin", {"one": one}) for one in facts.bulletins},
        "/404.html": ("missing", {}),
    }
    mailed = (JOINING if facts.mail else {}) | (LEAVING if facts.may_leave else {})
    written |= {path: (name, {}) for path, name in mailed.items()}
    pages = {below + path: render(path, *asked) for path, asked in written.items()}
    return pages | {below + feed.PATH: feed.made(facts, language)}


def months(facts: Facts, language: str = "en") -> list[tuple[str, list[Bulletin]]]:
    """What is over, by the month in which it began, the newest first."""
    found: dict[str, list[Bulletin]] = {}
    for one in sorted(facts.bulletins, key=lambda one: one.starts, reverse=True):
        if one.over:
            found.setdefault(dates.month(one.starts, facts.timezone, language), []).append(one)
    return list(found.items())


def _data(facts: Facts) -> bytes:
    """For programs, and for an open page to see that there is a newer one."""
    told = {
        "at": round(facts.at),
        "old_after_s": facts.old_after_s,
        "state": facts.headline,
        "takes_posts": facts.takes_posts,
        "parts": [
            {
                "key": part.key,
                "name": part.name,
                "state": part.state,
                "uptime": part.uptime,
                "days": len(part.days),
                "days_measured": part.measured_days,
                "see": [_url(one, facts) for one in facts.going_on(part)],
            }
            for part in facts.parts
        ],
        "open": [_told(one, facts) for one in (*facts.open, *facts.planned)],
    }
    return (json.dumps(told, indent=1) + "\n").encode()


def _told(one: Bulletin, facts: Facts) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "title": one.title,
        "state": one.state,
        "affected": words.affected(one.affected),
        "starts": words.iso(one.starts),
        "ends": one.ends and words.iso(one.ends),
        "url": _url(one, facts),
    }


def _url(one: Bulletin, facts: Facts) -> str:
    return f"{facts.address.base}incidents/{one.id}/"
