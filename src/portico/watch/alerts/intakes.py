"""Alerts on what visitors send: it is taken, lies in two clusters, and comes to where it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Trouble
from portico.watch.collect import intake
from portico.watch.metric import Metric
from portico.watch.view import View

PART = {"part": "relay"}
STUCK_S = 300.0
STUCK_LONG_S = 12 * 3600.0
MAIL_S = 1800.0
ALONE_S = 30.0


def _stuck(view: View) -> Iterator[Trouble]:
    oldest, waiting = view.value(intake.OLDEST.name), view.value(intake.WAITING.name)
    if oldest is not None and oldest > STUCK_S:
        severity = Severity.CRITICAL if oldest > STUCK_LONG_S else Severity.WARNING
        told = f"{waiting or 0:.0f} posts wait to be delivered, the oldest for {oldest / 60:.0f} minutes."
        yield Trouble(told, severity=severity, data=PART)


def _mail(view: View) -> Iterator[Trouble]:
    oldest, waiting = view.value(intake.MAIL_OLDEST.name), view.value(intake.MAIL_WAITING.name)
    if oldest is not None and oldest > MAIL_S:
        told = (
            f"{waiting or 0:.0f} mails to forms' recipients wait, the oldest for {oldest / 60:.0f} minutes."
        )
        yield Trouble(told, data=PART)


def _any(metric: Metric, sentence: str) -> Callable[[View], Iterator[Trouble]]:
    def rule(view: View) -> Iterator[Trouble]:
        if count := view.value(metric.name):
            yield Trouble(sentence.format(count), data=PART)

    return rule


def _refused(view: View) -> Iterator[Trouble]:
    if view.value(intake.PROBE_UP.name) == 0:
        yield Trouble(
            "A form was sent as a visitor sends one, and not acknowledged.", data={"part": "intake"}
        )


ALERTS = (
    Alert(
        "intake-refused",
        Severity.CRITICAL,
        "Visitors can't send forms: a post of the watcher's own wasn't acknowledged.",
        (intake.PROBE_UP.name,),
        _refused,
        fires=cases.steady(signal.of(intake.PROBE_UP.name, 0)),
        quiet=cases.steady(signal.of(intake.PROBE_UP.name, 1)),
        for_s=2 * intake.PROBE_AGAIN_S,
        felt=True,
    ),
    Alert(
        "intake-stuck",
        Severity.WARNING,
        "What visitors sent isn't delivered to the studio; it lies safe in the journals.",
        (intake.OLDEST.name, intake.WAITING.name),
        _stuck,
        fires=cases.steady(signal.of(intake.OLDEST.name, 900), signal.of(intake.WAITING.name, 7)),
        quiet=cases.steady(signal.of(intake.OLDEST.name, 2), signal.of(intake.WAITING.name, 1)),
    ),
    Alert(
        "intake-alone",
        Severity.WARNING,
        "Acknowledged posts lie in one cluster only.",
        (intake.ALONE.name,),
        _any(intake.ALONE, "{:.0f} acknowledged posts lie in one cluster only."),
        fires=cases.steady(signal.of(intake.ALONE.name, 3)),
        quiet=cases.steady(signal.of(intake.ALONE.name, 0)),
        for_s=ALONE_S,
    ),
    Alert(
        "intake-aside",
        Severity.WARNING,
        "Posts were put aside, as the studio would not take them.",
        (intake.ASIDE.name,),
        _any(intake.ASIDE, "{:.0f} posts were put aside, as the studio would not take them."),
        fires=cases.steady(signal.of(intake.ASIDE.name, 1)),
        quiet=cases.steady(signal.of(intake.ASIDE.name, 0)),
    ),
    Alert(
        "intake-mail-stuck",
        Severity.WARNING,
        "Mails to forms' recipients don't get out; the entries are in the studio.",
        (intake.MAIL_OLDEST.name, intake.MAIL_WAITING.name),
        _mail,
        fires=cases.steady(signal.of(intake.MAIL_OLDEST.name, 7200), signal.of(intake.MAIL_WAITING.name, 2)),
        quiet=cases.steady(signal.of(intake.MAIL_OLDEST.name, 30), signal.of(intake.MAIL_WAITING.name, 1)),
    ),
)
