"""From facts to the page's files, by path: what is frozen. The same facts give the same bytes. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portico.ledger.bulletins import Bulletin
from portico.statuspage import feed, forms, words
from portico.statuspage.facts import NAMES, Facts

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).with_name("templates")
DATA = "/status.json"
STILL = {
    "/subscribe/sent/": "sent",
    "/subscribe/problem/": "problem",
    "/confirm/done/": "confirmed",
    "/unsubscribe/done/": "left",
}
"""Pages that say one thing, by their template."""

CODES = {"/confirm/": "confirm", "/unsubscribe/": "leave"}


def made(facts: Facts) -> dict[str, bytes]:
    """Every file of the status page."""
    render = _Render(facts)
    files = {
        "/": render("index"),
        "/history/": render("history", months=months(facts)),
        **{f"/incidents/{one.id}/": render("bulletin", one=one) for one in facts.bulletins},
        "/404.html": render("missing"),
        DATA: _data(facts),
        feed.PATH: feed.made(facts),
    }
    if facts.mail:
        files |= {path: render(name) for path, name in (STILL | CODES).items()}
        files |= forms.schemas()
    return files


def months(facts: Facts) -> list[tuple[str, list[Bulletin]]]:
    """What is over, by the month in which it began, the newest first."""
    found: dict[str, list[Bulletin]] = {}
    for one in sorted(facts.bulletins, key=lambda one: one.starts, reverse=True):
        if one.over:
            found.setdefault(words.month(one.starts, facts.timezone), []).append(one)
    return list(found.items())


class _Render:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def __call__(self, name: str, **told: Any) -> bytes:
        facts = self._facts
        text = _environment().get_template(f"{name}.html").render(facts=facts, zone=facts.timezone, **told)
        return text.encode()


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
        "affected": list(affected(one.affected)),
        "starts": words.iso(one.starts),
        "ends": one.ends and words.iso(one.ends),
        "url": f"{facts.address.base}incidents/{one.id}/",
    }


def affected(keys: Iterable[str]) -> list[str]:
    """A part's name, or what a person wrote where it is none of ours."""
    return [NAMES.get(key, key) for key in keys]


@cache
def _environment() -> jinja2.Environment:
    import jinja2  # noqa: PLC0415 - the keeper starts before anything, and needs it a while later

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "percent": words.percent,
        "iso": words.iso,
        "paragraphs": words.paragraphs,
        "bars": words.bars,
        "affected": affected,
    }
    made.globals |= {
        "moment": words.moment,
        "clock": words.clock,
        "span": words.span,
        "troubled": words.troubled,
        "forms": forms,
        "style": (TEMPLATES / "page.css").read_text(encoding="utf-8"),
        "script": (TEMPLATES / "page.js").read_text(encoding="utf-8"),
        "code_script": (TEMPLATES / "code.js").read_text(encoding="utf-8"),
    }
    return made
