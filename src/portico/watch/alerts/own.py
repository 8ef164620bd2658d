"""What the watcher finds wrong with itself, where no rule over numbers could: judged where it fails."""

from __future__ import annotations

from portico.model import Severity
from portico.watch.alerts.alert import Alert


def _own(name: str, severity: Severity, meaning: str) -> Alert:
    return Alert(name, severity, meaning, source="watcher")


ALERTS = (
    _own("notify-failing", Severity.WARNING, "A channel to people does not work."),
    _own("oncall-unreadable", Severity.WARNING, "The calendar of who is on call can't be read."),
    _own(
        "dead-mans-switch-failing",
        Severity.WARNING,
        "The outside service that watches over us isn't reached.",
    ),
    _own("stack-restarted", Severity.WARNING, "Nothing of Portico ran for a while, so nobody was answered."),
    _own("rule-failed", Severity.WARNING, "An alert's own rule fails, so it sees nothing."),
)
