"""Alerts on what visitors and our own browser notice: pages that are slow for many, a way that is blocked.

What browsers say is a sample, and anybody's to forge: it warns, and wakes nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.collect import journey
from portico.watch.collect.vitals import COUNTED, QUARTILE
from portico.watch.view import View
from portico.watch.visitors.vitals import BY_NAME, Rating


def _not_good(view: View) -> Iterator[Trouble]:
    for labels, ratio in view.each(QUARTILE.name):
        vital, device = BY_NAME[labels["vital"]], labels["device"]
        value = ratio * vital.good
        rating = vital.rating(value)
        if rating is Rating.GOOD:
            continue
        visits = view.value(COUNTED.name, vital=vital.name, device=device) or 0
        sentence = (
            f"{vital.title} on {device}s is {rating}: for one visit of four in the last 24 h it was"
            f" {vital.said(value)} or more ({vital.sentence}); up to {vital.said(vital.good)} is good,"
            f" from {vital.said(vital.poor)} on poor. {visits:.0f} visits told."
        )
        severity = Severity.WARNING if rating is Rating.POOR else Severity.INFO
        data = {"part": "visitors", "vital": vital.name, "device": device}
        yield Trouble(sentence, f"{vital.name}-{device}", severity, data)


def _blocked(view: View) -> Iterator[Trouble]:
    if not view.value(journey.BLOCKED.name):
        return
    steps = [labels["step"] for labels, ok in view.each(journey.STEP.name) if ok == 0]
    step = steps[0] if steps else ""
    where = f" at the step {step}" if step else ""
    yield Trouble(
        f"The browser that goes a visitor's way failed {view.value(journey.FAILED.name) or 0:.0f} times in a"
        f" row{where}. The console's page Visitors shows what it saw.",
        data={"part": "journey", "step": step},
    )


def _vital(ratio: float) -> Case:
    labels = {"vital": "lcp", "device": "phone"}
    return cases.steady(signal.of(QUARTILE.name, ratio, **labels), signal.of(COUNTED.name, 412, **labels))


def _journey(failed: int) -> Case:
    return cases.steady(
        signal.of(journey.FAILED.name, failed),
        signal.of(journey.BLOCKED.name, failed >= 3),
        signal.of(journey.STEP.name, failed == 0, step="search"),
    )


ALERTS = (
    Alert(
        "visitors-slow",
        Severity.WARNING,
        "For more than a quarter of visits a page is not as fast, or as calm, as it should be.",
        (QUARTILE.name, COUNTED.name),
        _not_good,
        fires=_vital(1.8),
        quiet=_vital(0.7),
        clear_s=600.0,
    ),
    Alert(
        "journey-failed",
        Severity.WARNING,
        "A browser can't go a visitor's way: a page, the search, or a form doesn't work.",
        (journey.FAILED.name, journey.BLOCKED.name, journey.STEP.name),
        _blocked,
        fires=_journey(3),
        quiet=_journey(2),
        clear_s=10.0,
    ),
)
