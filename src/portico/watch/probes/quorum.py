"""n of m: what fails, when enough places say so; and which place is alone with its trouble. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from portico.config.watching import HERE
from portico.watch.answer import What
from portico.watch.probes.report import PLACE, Report

_NOTHING = frozenset({What.UNREACHABLE, What.UNRESOLVED})


@dataclass(frozen=True, slots=True)
class Rule:
    """`fails` looks in a row at `agree` places that reported within `lately_s` seconds; `expected` places."""

    fails: int
    agree: int
    lately_s: float
    expected: tuple[str, ...] = ()


def settled(reports: Sequence[Report], rule: Rule, now: float) -> list[Report]:
    """The reports of late, what is confirmed marked, and one of the target `place` for each silent place."""
    lately = [report for report in reports if now - report.at <= rule.lately_s]
    silent = _silent(reports, lately, rule, now)
    counted = [report for report in lately if report.place not in silent]
    return [*_confirmed(counted, rule), *(r for r in lately if r.place in silent), *silent.values()]


def _confirmed(reports: Iterable[Report], rule: Rule) -> Iterable[Report]:
    by_target: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        by_target[report.target].append(report)
    for seen in by_target.values():
        failing = [report for report in seen if report.fails >= rule.fails]
        # Where fewer places look than must agree, all of those that look must.
        enough = bool(failing) and len(failing) >= min(rule.agree, len(seen))
        places = tuple(sorted(report.place for report in failing))
        for report in seen:
            agrees = enough and report in failing
            yield replace(report, confirmed=agrees, agreeing=places if agrees else ())


def _silent(reports: Sequence[Report], lately: Sequence[Report], rule: Rule, now: float) -> dict[str, Report]:
    """Places that don't report, and the one that sees nothing of anything while all others see the site.

    What the watcher's own place sees says nothing about a far one's network: it sits beside the site.
    """
    heard = {report.place for report in lately}
    found = {
        place: _told(place, _last(reports, place), now, "doesn't report")
        for place in sorted({*rule.expected, *_here(reports)} - heard)
    }
    blind = sorted(place for place in heard if _sees_nothing(lately, place, rule.fails))
    if len(blind) == 1 and heard - {HERE, *blind}:
        why = "sees nothing of the site, while others see it"
        found[blind[0]] = _told(blind[0], _since(lately, blind[0]), now, why)
    return found


def _here(reports: Iterable[Report]) -> set[str]:
    """The watcher's own place, once it looked: far ones may just not know yet that the watcher is back."""
    return {report.place for report in reports} & {HERE}


def _sees_nothing(lately: Iterable[Report], place: str, fails: int) -> bool:
    seen = [report for report in lately if report.place == place]
    return all(report.what in _NOTHING and report.fails >= fails for report in seen)


def _last(reports: Iterable[Report], place: str) -> float | None:
    return max((report.at for report in reports if report.place == place), default=None)


def _since(reports: Iterable[Report], place: str) -> float | None:
    return min((report.since for report in reports if report.place == place), default=None)


def _told(place: str, since: float | None, now: float, why: str) -> Report:
    sentence = f"The place {place} {why}" + (f" since {now - since:.0f} s." if since else ".")
    return Report(place, PLACE, What.UNREACHABLE, sentence, now, since or now, 1, None, confirmed=True)
