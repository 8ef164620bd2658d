"""`_redirects`, in the syntax that Netlify and Cloudflare Pages share. Pure.

What only one of them knows is refused with a hint: a site must not change its meaning when it moves here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from portico.kit.errors import SourceError
from portico.model import RedirectRule
from portico.store import routes

REWRITE = 200
STATUSES = (REWRITE, 301, 302, 303, 307, 308)
DEFAULT = 302
MOST_EXACT = 2000
MOST_DYNAMIC = 100

_SHADY = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_WHOLE_SEGMENT = re.compile(r"/:[A-Za-z]\w*(?=/|$)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the file; `line` orders the rules, the first match wins."""

    line: int
    rule: RedirectRule


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rules say about a path; `location` is a decoded path when `status` is 200."""

    line: int
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Rules:
    """`exact` by path, `dynamic` in order; `unreached` tells of lines that an earlier one hides."""

    exact: Mapping[str, Rule] = field(default_factory=dict)
    dynamic: tuple[Rule, ...] = ()
    unreached: tuple[str, ...] = ()

    def answer(self, path: str, *, has_file: bool) -> Answer | None:
        """The first rule that holds for `path`. A rewrite holds only where there is no file."""
        exact = self.exact.get(path)
        for rule in self.dynamic:
            if exact and exact.line < rule.line and not _waived(exact, has_file=has_file):
                break
            if _waived(rule, has_file=has_file):
                continue
            if (location := routes.follow(rule.rule, path)) is not None:
                return Answer(rule.line, rule.rule.status, location)
        if exact and not _waived(exact, has_file=has_file):
            return Answer(exact.line, exact.rule.status, routes.fill(exact.rule, {}))
        return None


def _waived(rule: Rule, *, has_file: bool) -> bool:
    return has_file and rule.rule.status == REWRITE


def parse(text: str, where: str) -> Rules:
    """Raises SourceError with file and line."""
    exact: dict[str, Rule] = {}
    dynamic: list[Rule] = []
    unreached: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        rule = Rule(number, _parse_line(line, f"{where}:{number}"))
        pattern = rule.rule.pattern
        if hidden_by := _earlier(exact, dynamic, rule.rule):
            unreached.append(f"{where}:{number}: never reached, line {hidden_by} answers {pattern} first")
        elif routes.names(pattern):
            dynamic.append(rule)
        else:
            exact[pattern] = rule
    _check_number(len(exact), MOST_EXACT, "exact", where)
    _check_number(len(dynamic), MOST_DYNAMIC, "dynamic (with * or :name)", where)
    return Rules(exact, tuple(dynamic), tuple(unreached))


def _earlier(exact: Mapping[str, Rule], dynamic: list[Rule], rule: RedirectRule) -> int | None:
    """The line that already answers everything this rule could, if it can be told."""
    if same := exact.get(rule.pattern):
        return same.line if same.rule.status != REWRITE or rule.status == REWRITE else None
    return next((known.line for known in dynamic if known.rule.pattern == rule.pattern), None)


def _check_number(number: int, most: int, kind: str, where: str) -> None:
    if number > most:
        raise SourceError(f"expected at most {most:,} {kind} rules, got {number:,}", where=where)


def _parse_line(line: str, where: str) -> RedirectRule:
    if _SHADY.search(line):
        raise SourceError("expected no control characters", where=where)
    words = line.split()
    _refuse_dialects(words, where)
    if not 2 <= len(words) <= 3:
        raise SourceError(f"expected `from to [status]`, got {line.strip()!r}", where=where)
    status = _status(words[2] if len(words) == 3 else str(DEFAULT), where)
    rule = RedirectRule(_pattern(words[0], where), _target(words[1], status, where), status)
    _check_placeholders(rule, where)
    _check_loop(rule, where)
    return rule


def _refuse_dialects(words: list[str], where: str) -> None:
    """Name what only Netlify or only Cloudflare knows, so that nobody wonders."""
    if re.match(r"https?://", words[0]):
        hint = "this site has one host; write the path alone"
        raise SourceError(f"expected a path that begins with /, got {words[0]}", where=where, hint=hint)
    for word in words[1:]:
        if re.fullmatch(r"\d{3}!", word):
            hint = "leave the ! out: redirects win over files here"
            raise SourceError(f"only Netlify knows {word}", where=where, hint=hint)
        if word.startswith("#"):
            raise SourceError("only Netlify knows comments behind a rule", where=where, hint="give it a line")
        if re.match(r"[\w-]+=", word):
            hint = "queries, countries, languages, roles and cookies can't choose a page of a frozen site"
            raise SourceError(f"only Netlify knows conditions like {word}", where=where, hint=hint)


def _status(word: str, where: str) -> int:
    if word.isdecimal() and int(word) in STATUSES:
        return int(word)
    known = ", ".join(map(str, STATUSES))
    hint = "the site's own page for that is 404.html" if word == "404" else ""
    raise SourceError(f"expected one of the statuses {known}, got {word}", where=where, hint=hint)


def _pattern(word: str, where: str) -> str:
    if not word.startswith("/") or word.startswith("//"):
        raise SourceError(f"expected a path that begins with one /, got {word}", where=where)
    if "?" in word or "#" in word:
        raise SourceError(f"expected a path without ? and #, got {word}", where=where)
    if "*" in word[:-1] or (word.endswith("*") and not word.endswith("/*")):
        raise SourceError(f"expected * only once, at the end, after a /: got {word}", where=where)
    if len(_WHOLE_SEGMENT.findall(word)) != word.count(":"):
        raise SourceError(f"expected each :name to fill its segment, got {word}", where=where)
    return decoded(word, where)


def _target(word: str, status: int, where: str) -> str:
    elsewhere = re.match(r"https?://[^/]", word)
    if status == REWRITE and elsewhere:
        hint = "use 302 to send the visitor there"
        raise SourceError(f"expected a path of this site, got {word}", where=where, hint=hint)
    if not elsewhere and (not word.startswith("/") or word.startswith("//")):
        raise SourceError(f"expected a path or an http(s) address, got {word}", where=where)
    if status == REWRITE and ("?" in word or "#" in word):
        raise SourceError(f"expected a rewrite's target without ? and #, got {word}", where=where)
    decoded(word, where)
    return quote(word, safe="/:?#[]@!$&'()*+,;=%~")


def _check_placeholders(rule: RedirectRule, where: str) -> None:
    known, used = routes.names(rule.pattern), routes.names(rule.target.replace("*", ""))
    if "*" in rule.target:
        raise SourceError("expected :splat for what * stands for, got *", where=where)
    if missing := sorted(used - known):
        raise SourceError(f"expected :{missing[0]} in {rule.pattern} too", where=where)
    if len(re.findall(r":[A-Za-z]\w*|\*", rule.pattern)) != len(known):
        raise SourceError(f"expected names that differ, got {rule.pattern}", where=where)


def _check_loop(rule: RedirectRule, where: str) -> None:
    """A redirect whose target it matches itself would send the visitor round for ever."""
    if rule.status == REWRITE or not rule.target.startswith("/"):
        return
    sample = routes.fill(rule, dict.fromkeys(routes.names(rule.pattern), "x"))
    if routes.follow(rule, unquote(re.split(r"[?#]", sample)[0])) is not None:
        raise SourceError(f"expected another target than the rule's own path, got {rule.target}", where=where)


def decoded(word: str, where: str) -> str:
    """A percent-encoded path as UTF-8 text."""
    try:
        return unquote(word, errors="strict")
    except UnicodeDecodeError as error:
        raise SourceError(f"expected UTF-8 in {word}", where=where) from error
