"""Proves an alert: fires it on the running stack, and follows it to the people it calls.

`portico drill alert NAME`. What was measured stands in the ledger as `drill.alert`; an alert without such an
event is shown as unproven.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from portico.config.load import Config
from portico.kit.errors import PorticoError
from portico.ledger import outbox
from portico.ledger.ledger import Ledger
from portico.model import Event, Severity
from portico.recover import drill, practising
from portico.recover import scene as scenes
from portico.recover.scene import Scene
from portico.recover.strikes import STRIKES
from portico.watch.alerts.alert import Alert
from portico.watch.alerts.table import ALERTS

T = TypeVar("T")

PAUSE_S = 0.05
SENT_S = 20.0
"""After the finding: the goal is 15 s from the damage to the message."""
SEEN_S = 15.0
OTHERS_S = 5.0
"""After the first channel the others get so long to be named too."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`how` is live or fixture; seconds since the strike, None where it never came. What a fixture fired is
    over when that is taken away, and has no `over_s`. `why` it is not proven is empty when it is.
    """

    alert: str
    how: str
    told: str
    seen_s: float | None = None
    sent_s: float | None = None
    over_s: float | None = None
    channels: tuple[str, ...] = ()
    why: str = ""

    @property
    def passed(self) -> bool:
        return not self.why

    @property
    def data(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "how": self.how,
            "told": self.told,
            "seen_s": self.seen_s,
            "sent_s": self.sent_s,
            "over_s": self.over_s,
            "channels": list(self.channels),
            "why": self.why,
        }


def prove(names: Sequence[str], config: Config) -> Iterator[Proof]:
    """Each as soon as it is known; those that need real damage first, as they want a healthy stack.

    A fixture's alert is over when it is taken away, so the next one needn't wait for that.
    Raises PorticoError when there is no such alert, or the stack isn't fit for a drill.
    """
    for name in names:
        if name not in ALERTS:
            raise PorticoError(f"there is no alert {name!r}", hint="portico alerts lists them")
    ordered = sorted(names, key=lambda name: name not in STRIKES)
    with drill.alone(config.home), contextlib.closing(scenes.of(config)) as scene:
        for number, name in enumerate(ordered):
            if number == 0 or name in STRIKES:
                drill.refuse_unless_healthy(scene)
            proof = _fire(ALERTS[name], scene)
            scene.ledger.record("drill.alert", name, **proof.data)
            yield proof


def _fire(alert: Alert, scene: Scene) -> Proof:
    live = alert.name in STRIKES
    after, began, over = scene.last_event(), time.time(), None
    with _practised(alert, scene, live=live) as told:
        seen = _wait(lambda: _opened(scene.ledger, after, alert), SEEN_S + alert.for_s)
        if (
            seen
            and alert.severity is not Severity.INFO
            and _wait(lambda: _sent(scene.ledger, after, alert), SENT_S)
        ):
            _wait(lambda: not outbox.unsent(scene.ledger, began), OTHERS_S)
    sent = _sent(scene.ledger, after, alert)
    if live and _wait(lambda: not _open(scene.ledger, alert), SEEN_S + alert.clear_s):
        over = round(time.time() - began, 3)
    return Proof(
        alert.name,
        "live" if live else "fixture",
        told,
        seen_s=_since(began, seen),
        sent_s=_since(began, sent),
        over_s=over,
        channels=tuple(sorted({event.subject for event in sent})),
        why=_why(alert, seen, sent, healed=not live or over is not None),
    )


@contextlib.contextmanager
def _practised(alert: Alert, scene: Scene, *, live: bool) -> Iterator[str]:
    """Say in the ledger that it is practised, so that what is told says so, and strike."""
    until = time.time() + SEEN_S + alert.for_s + SENT_S
    struck = STRIKES[alert.name](scene) if live else contextlib.nullcontext("its fixture")
    with practising.told(scene.ledger, "alert", alert.name, until, live=live), struck as told:
        yield told


def _opened(ledger: Ledger, after: int, alert: Alert) -> list[Event]:
    events = ledger.events(after=after, kind="finding.open")
    return [event for event in events if event.subject.partition(":")[0] == alert.name]


def _sent(ledger: Ledger, after: int, alert: Alert) -> list[Event]:
    return [
        event
        for event in ledger.events(after=after, kind="message.sent")
        if event.data.get("drill") == alert.name
    ]


def _open(ledger: Ledger, alert: Alert) -> bool:
    return any(finding.alert == alert.name for finding, _ in ledger.findings())


def _wait(look: Callable[[], T], patience_s: float) -> T:
    deadline = time.monotonic() + patience_s
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(PAUSE_S)
    return found


def _since(began: float, events: list[Event]) -> float | None:
    return round(events[0].at - began, 3) if events else None


def _why(alert: Alert, seen: list[Event], sent: list[Event], *, healed: bool) -> str:
    """What informs, as evidence in incidents, calls nobody."""
    if not seen:
        return "the alert did not fire"
    if not sent and alert.severity is not Severity.INFO:
        return "it fired, and nobody was told: portico notify test"
    return "" if healed else "it fired and was told, and is not over"
