"""If every check fails at once, the checker is wrong: a person is called, and nothing is done by itself."""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.collect.edge import RESPONSES
from portico.watch.probes.agreed import UNPROMISED
from portico.watch.probes.metrics import LOOKS
from portico.watch.slo.counting import UNANSWERED
from portico.watch.view import View

OVER_S = 15.0
LEAST_LOOKS = 3
LEAST_TARGETS = 2
LEAST_ANSWERS = 20
MOST_ERRORS = 0.05


def _wrong(view: View) -> Iterator[Trouble]:
    """Each look at each target failed to get a page, while visitors get theirs."""
    good, bad = _answers(view)
    if good < LEAST_ANSWERS or bad > MOST_ERRORS * (good + bad):
        return
    targets, looks, failed = _looks(view)
    if targets >= LEAST_TARGETS and looks >= LEAST_LOOKS * targets and failed == looks:
        yield Trouble(
            f"All {failed:.0f} looks at all {targets} targets failed within {OVER_S:.0f} s, yet the edge gave"
            f" visitors {good:.0f} good answers: the checker is wrong. Nothing is done by"
            " itself. Look yourself.",
            data={"hands_off": True, "part": "watcher"},
        )


def _answers(view: View) -> tuple[float, float]:
    """Good and bad ones, of the doors that serve the site."""
    found = {False: 0.0, True: 0.0}
    for labels, count in _counts(view, RESPONSES.name):
        if labels.get("door") != "http":
            found[labels.get("code") == "5xx"] += count
    return found[False], found[True]


def _looks(view: View) -> tuple[int, float, float]:
    """How many targets were looked at, how often, and how many looks saw no page."""
    counted = [
        (labels, count)
        for labels, count in _counts(view, LOOKS.name)
        if count > 0 and labels.get("target") not in UNPROMISED
    ]
    failed = sum(count for labels, count in counted if labels.get("result") in UNANSWERED)
    return len({labels.get("target") for labels, _ in counted}), sum(count for _, count in counted), failed


def _counts(view: View, name: str) -> Iterator[tuple[dict[str, str], float]]:
    for key, labels in view.recent.keys(name):
        yield labels, sum(value for _, value in view.recent.points(key, view.now - OVER_S))


def _case(result: str) -> Case:
    return cases.steady(
        *(
            signal.of(LOOKS.name, 3, place="here", target=target, result=result)
            for target in ("edge", "a", "b")
        ),
        signal.of(RESPONSES.name, 400, door="https", code="2xx"),
    )


ALERTS = (
    Alert(
        "checker-wrong",
        Severity.CRITICAL,
        "Every look fails while visitors are answered: it is the looking that is broken.",
        (LOOKS.name, RESPONSES.name),
        _wrong,
        fires=_case("unreachable"),
        quiet=_case("right"),
        clear_s=30.0,
        felt=True,
    ),
)
