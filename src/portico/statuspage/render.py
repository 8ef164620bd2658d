"""One page of the status page from its template, in one language. The same facts give the same bytes."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portico.kit import dates
from portico.statuspage import forms, languages, words
from portico.statuspage.facts import Facts

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).with_name("templates")


class Renderer:
    """`path` is the page's in every language, without what stands before it in all but the first."""

    def __init__(self, facts: Facts, language: str) -> None:
        self._facts = facts
        self._language = language

    def __call__(self, path: str, name: str, told: dict[str, Any]) -> bytes:
        template = _environment().get_template(f"{name}.html")
        return template.render(**self._spoken(), others=self._others(path), **told).encode()

    def _spoken(self) -> dict[str, Any]:
        """What a template calls to speak in this language."""
        facts, language = self._facts, self._language
        return {
            "facts": facts,
            "language": language,
            "say": partial(_say, language),
            "at": lambda path: facts.below(language) + path,
            "action": lambda form: forms.PATH + facts.form(form, language),
            "title": lambda one: words.title(one, language),
            "text": lambda one, said: words.text(one, said, language),
            "moment": lambda at: dates.moment(at, facts.timezone, language),
            "span": lambda starts, ends: dates.span(starts, ends, facts.timezone, language),
            "clock": lambda at: dates.clock(at, facts.timezone),
            "percent": lambda share: words.percent(share, language),
            "troubled": lambda part, now: words.troubled(part, now, language),
            "affected": lambda keys: ", ".join(words.affected(keys, language)),
        }

    def _others(self, path: str) -> list[dict[str, str]]:
        """The page in each language, as search engines and visitors are told; nothing where there is one."""
        facts = self._facts
        if len(facts.languages) == 1:
            return []
        known = [
            {"key": key, "name": languages.name(key), "href": facts.below(key) + path}
            for key in facts.languages
        ]
        usual = {"key": "x-default", "name": "", "href": path}
        return [{**one, "whole": facts.address.base.rstrip("/") + one["href"]} for one in (*known, usual)]


def _say(language: str, english: str, **told: object) -> str:
    """Our own words are taken as they are, and escape what is put into them."""
    import markupsafe  # noqa: PLC0415 - comes with jinja2, see below

    return markupsafe.Markup(languages.words(language, english)).format(**told)  # noqa: S704 - our own words


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
    made.filters |= {"iso": words.iso, "paragraphs": words.paragraphs, "bars": words.bars}
    made.globals |= {
        "forms": forms,
        "style": (TEMPLATES / "page.css").read_text(encoding="utf-8"),
        "script": (TEMPLATES / "page.js").read_text(encoding="utf-8"),
        "code_script": (TEMPLATES / "code.js").read_text(encoding="utf-8"),
    }
    return made
