"""What a path answers: its file, or what the site's redirects say instead. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from portico.model import Entry
from portico.snapshot import headers, policy, redirects, urls
from portico.snapshot.index import Row
from portico.snapshot.items import Rules


@dataclass(frozen=True, slots=True)
class Composed:
    """A shard's answers, and what a person should know of them."""

    entries: tuple[tuple[str, Entry], ...]
    notes: tuple[str, ...]


def shard(
    rows: Sequence[Row], ruled: Iterable[str], rules: Rules, find: Callable[[str], Row | None]
) -> Composed:
    """`rows` are the shard's items, `ruled` its paths with a rule of their own; `find` knows all items."""
    notes: list[str] = []
    entries = {row.path: _of_file(row, rules, notes) for row in rows}
    for path in ruled:
        if path not in entries and (entry := _of_rule(path, rules, find)):
            entries[path] = entry
    return Composed(tuple(entries.items()), tuple(dict.fromkeys(notes)))


def is_redirected(path: str, rules: redirects.Rules) -> bool:
    """Whether a redirect answers in the place of the file there."""
    return _redirect(path, rules) is not None


def _redirect(path: str, rules: redirects.Rules) -> redirects.Answer | None:
    if not rules.dynamic and path not in rules.exact:
        return None
    return rules.answer(path, has_file=True)


def _of_file(row: Row, rules: Rules, notes: list[str]) -> Entry:
    if answer := _redirect(row.path, rules.redirects):
        notes.append(f"_redirects:{answer.line}: answers {row.path} instead of the file {row.name}")
        return _moved(answer)
    status = 404 if urls.is_not_found(row.name) else 200
    entry = Entry(status, _headers(row, (row.path, f"/{row.name}"), rules.headers), row.digest, row.size)
    notes.extend(_doubts(row, entry))
    return entry


def _of_rule(path: str, rules: Rules, find: Callable[[str], Row | None]) -> Entry | None:
    """None where a rewrite leads nowhere, or a file answers under another name."""
    answer = rules.redirects.answer(path, has_file=False)
    if answer is None:
        return None
    if answer.status != redirects.REWRITE:
        return _moved(answer)
    if any(map(find, urls.answering(path))):
        return None
    found = next(filter(None, map(find, urls.answering(answer.location))), None)
    return Entry(200, _headers(found, (path,), rules.headers), found.digest, found.size) if found else None


def _moved(answer: redirects.Answer) -> Entry:
    return Entry(answer.status, policy.redirect_headers(answer.location), "", 0)


def _headers(row: Row, paths: tuple[str, ...], rules: headers.Rules) -> tuple[tuple[str, str], ...]:
    return policy.headers_of(policy.Subject(paths, row.name, row.facts), rules)


def _doubts(row: Row, entry: Entry) -> Iterator[str]:
    facts = row.facts
    if not facts.utf8:
        yield f"{row.name}: is not UTF-8, so browsers go by what the page itself says"
    if not facts.parsed:
        yield f"{row.name}: is too long to be looked into; its inline scripts and styles will not run"
    if entry.header(policy.CSP) == policy.content_security_policy(facts):
        for origin in facts.elsewhere:
            yield f"pages load from {origin}: browsers refuse that unless _headers sets a {policy.CSP}"
