"""What probes see, told: the site as visitors find it, its clusters, its certificate, its redirects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.answer import What
from portico.watch.probes import metrics
from portico.watch.probes.report import CERTIFICATE, EDGE, MIRROR, NAME, PLACE, REDIRECT, Report
from portico.watch.view import View

SLOW_S = 1.0
OVER_S = 60.0
_ELSEWHERE = frozenset({EDGE, REDIRECT, NAME, CERTIFICATE, PLACE})
_ALTERED = frozenset({What.DEFACED, What.INJECTED, What.MISPLACED, What.REDIRECT})

Rule = Callable[[View], Iterator[Trouble]]


def _confirmed(view: View) -> list[Report]:
    """One for each target and result, though several places see it."""
    found = (report for report in view.facts.get("probes", ()) if report.confirmed)
    return list({(report.target, report.what): report for report in found}.values())


def _unreachable(view: View) -> Iterator[Trouble]:
    """A name that was never found from here may just not be published yet."""
    for report in _confirmed(view):
        gone = report.target == EDGE and report.what in {What.UNREACHABLE, What.ERROR, What.UNRESOLVED}
        nameless = report.target == NAME and report.what is What.UNRESOLVED and report.good_at
        if gone or nameless:
            yield _trouble(report, "" if gone else NAME)


def _at_the_edge(what: What) -> Rule:
    def rule(view: View) -> Iterator[Trouble]:
        return (
            _trouble(report) for report in _confirmed(view) if report.target == EDGE and report.what is what
        )

    return rule


def _cluster(view: View) -> Iterator[Trouble]:
    """An edge that is gone is told as that, not as each cluster."""
    for report in _confirmed(view):
        if report.target in _ELSEWHERE or report.what is What.UNREACHABLE:
            continue
        severity = Severity.CRITICAL if report.what in _ALTERED else Severity.WARNING
        yield _trouble(report, report.target, severity)


def _certificate(view: View) -> Iterator[Trouble]:
    for report in _confirmed(view):
        if report.target in {CERTIFICATE, EDGE} and report.what is What.CERTIFICATE:
            yield _trouble(report)
            return
    for report in _confirmed(view):
        if report.target == CERTIFICATE and report.what is What.STALE:
            yield _trouble(report, "file", Severity.WARNING)


def _redirect(view: View) -> Iterator[Trouble]:
    """A page that leads elsewhere may be stolen; plain HTTP that doesn't lead to TLS is a nuisance.

    Where the whole edge is gone, that is told.
    """
    edge_fails = any(report.target == EDGE and not report.ok for report in view.facts.get("probes", ()))
    for report in _confirmed(view):
        if report.target == REDIRECT and not (edge_fails and report.what is What.UNREACHABLE):
            yield _trouble(report, "http", Severity.WARNING)
        elif report.target == EDGE and report.what is What.REDIRECT:
            yield _trouble(report)


def _silent(view: View) -> Iterator[Trouble]:
    return (_trouble(report, report.place) for report in _confirmed_places(view))


def _confirmed_places(view: View) -> Collection[Report]:
    return [report for report in view.facts.get("probes", ()) if report.target == PLACE and report.confirmed]


def _slow(view: View) -> Iterator[Trouble]:
    """By the first byte, which the way to a far place delays by one round trip only."""
    name = metrics.DURATION.name
    for labels, _ in view.each(name, target=EDGE, phase="first_byte"):
        place = labels["place"]
        mean = view.mean(name, OVER_S, target=EDGE, phase="first_byte", place=place)
        if mean is not None and mean > SLOW_S:
            sentence = f"Seen from {place}, the first byte took {mean:.1f} s on average for a minute."
            yield Trouble(sentence, place, data={"part": "edge", "places": [place]})


def _trouble(report: Report, place: str = "", severity: Severity | None = None) -> Trouble:
    cluster = {} if report.target in _ELSEWHERE | {MIRROR} else {"cluster": report.target}
    part = {"part": "mirror" if report.target == MIRROR else "edge"} if not cluster else {}
    places = list(report.agreeing or (report.place,))
    seen = f" (seen from {', '.join(places)})" if report.target != PLACE else ""
    data = {**cluster, **part, "target": report.target, "places": places}
    return Trouble(f"{report.sentence}{seen}", place, severity, data)


def _seen(target: str, what: What, sentence: str, *, confirmed: bool = True) -> Case:
    fails = 0 if what is What.RIGHT else 3
    report = Report(
        "here", target, what, sentence, at=0.0, since=0.0, fails=fails, good_at=1.0, confirmed=confirmed
    )
    return Case(facts={"probes": [report]})


def _alert(name: str, severity: Severity, meaning: str, rule: Rule, fires: Case) -> Alert:
    """All of these are quiet while too few places, or too few looks, agree."""
    found: list[Report] = fires.facts["probes"]
    quiet = _seen(found[0].target, found[0].what, found[0].sentence, confirmed=False)
    return Alert(name, severity, meaning, (), rule, fires, quiet, felt=name != "probe-place-silent")


def _first_byte(seconds: float) -> Case:
    return cases.steady(
        signal.of(metrics.DURATION.name, seconds, place="here", target=EDGE, phase="first_byte")
    )


ALERTS = (
    _alert(
        "site-unreachable",
        Severity.CRITICAL,
        "Visitors get no answer, or an error, or the site's name is not found.",
        _unreachable,
        _seen(EDGE, What.UNREACHABLE, "/: no answer in time."),
    ),
    _alert(
        "page-defaced",
        Severity.CRITICAL,
        "Visitors get other content altogether in a page's place.",
        _at_the_edge(What.DEFACED),
        _seen(EDGE, What.DEFACED, "/ shows other content altogether."),
    ),
    _alert(
        "page-injected",
        Severity.CRITICAL,
        "Visitors get our page with something added or changed, or with other headers.",
        _at_the_edge(What.INJECTED),
        _seen(EDGE, What.INJECTED, "/ shows our page with a script added."),
    ),
    _alert(
        "page-stale",
        Severity.WARNING,
        "Visitors get a page of another snapshot than the one that is live.",
        _at_the_edge(What.STALE),
        _seen(EDGE, What.STALE, "/ shows the page of an older snapshot."),
    ),
    _alert(
        "cluster-answers-wrong",
        Severity.CRITICAL,
        "One cluster, or the mirror, shows errors or something else than what is live.",
        _cluster,
        _seen("a", What.MISPLACED, "cluster a: / shows the page of another snapshot."),
    ),
    _alert(
        "certificate-chain",
        Severity.CRITICAL,
        "Visitors are shown a certificate that they don't trust, or not the one in the file.",
        _certificate,
        _seen(CERTIFICATE, What.CERTIFICATE, "The chain is not complete."),
    ),
    _alert(
        "redirect-wrong",
        Severity.CRITICAL,
        "A redirect leads elsewhere, or a page leads away.",
        _redirect,
        _seen(EDGE, What.REDIRECT, "/ redirects to another site."),
    ),
    _alert(
        "probe-place-silent",
        Severity.WARNING,
        "A far probe doesn't report, or sees nothing of anything.",
        _silent,
        _seen(PLACE, What.UNREACHABLE, "The place paris doesn't report."),
    ),
    Alert(
        "site-slow-outside",
        Severity.WARNING,
        "The first byte of a page takes more than a second, as a visitor sees it.",
        (metrics.DURATION.name,),
        _slow,
        fires=_first_byte(2.5),
        quiet=_first_byte(0.02),
        for_s=10.0,
        clear_s=30.0,
        felt=True,
    ),
)
