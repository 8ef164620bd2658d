"""The Atom feed: an entry for each thing that was said. The same facts give the same bytes. Pure."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from portico.ledger.bulletins import Bulletin, Update
from portico.statuspage import languages, words
from portico.statuspage.facts import Facts

MOST = 50
PATH = "/feed.atom"


def made(facts: Facts, language: str = "en") -> bytes:
    said = sorted(
        ((one, update) for one in facts.bulletins for update in one.updates),
        key=lambda pair: (pair[1].at, pair[1].id),
        reverse=True,
    )[:MOST]
    base = facts.address.base.rstrip("/") + facts.below(language) + "/"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">',
        f"<title>{escape(facts.title)}</title>",
        f"<id>{escape(base)}</id>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(base + PATH[1:])}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(base)}/>',
        f"<updated>{words.iso(said[0][1].at if said else facts.today)}</updated>",
        f"<author><name>{escape(facts.title)}</name></author>",
        *(_entry(base, one, update, language) for one, update in said),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _entry(base: str, one: Bulletin, update: Update, language: str) -> str:
    page = f"{base}incidents/{one.id}/"
    title, text = words.title(one, language), words.text(one, update, language)
    state = languages.words(language, update.state)
    return "\n".join(
        [
            "<entry>",
            f"<title{_marked(title, language)}>{escape(f'{title.text}: {state}')}</title>",
            f"<id>{escape(page)}#update-{update.id}</id>",
            f"<link href={quoteattr(f'{page}#update-{update.id}')}/>",
            f"<updated>{words.iso(update.at)}</updated>",
            f'<content type="text"{_marked(text, language)}>{escape(text.text)}</content>',
            "</entry>",
        ]
    )


def _marked(found: words.Written, language: str) -> str:
    return "" if found.language == language else f' xml:lang="{found.language}"'
