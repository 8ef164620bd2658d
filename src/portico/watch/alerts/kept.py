"""What the keeper finds and mends by itself: listed beside the watcher's alerts, judged in `keeper`.

`for_s` is the keeper's chance to mend it before it counts as more than a trouble that was mended unseen.
"""

from __future__ import annotations

from portico.model import Severity
from portico.watch.alerts.alert import Alert


def _kept(name: str, severity: Severity, meaning: str, for_s: float = 0.0) -> Alert:
    return Alert(name, severity, meaning, for_s=for_s, source="keeper")


ALERTS = (
    _kept("edge-down", Severity.CRITICAL, "HAProxy does not run.", for_s=3.0),
    _kept("cluster-down", Severity.CRITICAL, "No replica of a cluster answers.", for_s=5.0),
    _kept("everything-fails", Severity.CRITICAL, "Every replica runs and none answers; nothing is touched."),
    _kept("replica-hung", Severity.WARNING, "A replica runs and does not answer.", for_s=15.0),
    _kept("replica-keeps-dying", Severity.WARNING, "A replica is started again and again."),
    _kept("body-refused", Severity.WARNING, "Bytes in a store are not what their hash says.", for_s=10.0),
    _kept("mirror-behind", Severity.WARNING, "The mirror lacks the live snapshot."),
    _kept("certificate-expiring", Severity.WARNING, "The certificate ends soon."),
    _kept("certificate-wrong", Severity.CRITICAL, "The certificate's file can't be used."),
    _kept("step-failed", Severity.CRITICAL, "The keeper could not do what it wanted to.", for_s=5.0),
    _kept("chore-failed", Severity.CRITICAL, "A repair or a clean-up did not work.", for_s=5.0),
)
