"""What the keeper finds and mends by itself: listed beside the watcher's alerts, judged in `keeper`."""

from __future__ import annotations

from portico.model import Severity
from portico.watch.alerts.alert import Alert


def _kept(name: str, severity: Severity, meaning: str, *, felt: bool = False) -> Alert:
    return Alert(name, severity, meaning, felt=felt, source="keeper")


ALERTS = (
    _kept("edge-down", Severity.CRITICAL, "HAProxy does not run.", felt=True),
    _kept("cluster-down", Severity.CRITICAL, "No replica of a cluster answers."),
    _kept("everything-fails", Severity.CRITICAL, "Every replica runs and none answers; nothing is touched."),
    _kept("replica-hung", Severity.WARNING, "A replica runs and does not answer."),
    _kept("replica-keeps-dying", Severity.WARNING, "A replica is started again and again."),
    _kept("body-refused", Severity.WARNING, "Bytes in a store are not what their hash says."),
    _kept("mirror-behind", Severity.WARNING, "The mirror lacks the live snapshot."),
    _kept("certificate-expiring", Severity.WARNING, "The certificate ends soon."),
    _kept("certificate-wrong", Severity.CRITICAL, "The certificate's file can't be used."),
    _kept("step-failed", Severity.CRITICAL, "The keeper could not do what it wanted to."),
    _kept("chore-failed", Severity.CRITICAL, "A repair or a clean-up did not work."),
)
