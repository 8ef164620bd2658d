"""What visitors send: what waits to be delivered, as the relay tells it, and now and then a post of ours."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from http import client
from typing import Any
from urllib.parse import urlencode

from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

SEEN = "intake"
"""Under which the relay writes down what it sees."""

PROBE = "/-/intake/portico-probe"
PROBE_EVERY_S, PROBE_AGAIN_S = 60.0, 5.0
"""A post that wasn't acknowledged is followed by another one soon: one alone is nobody's alarm."""

PROBE_TIMEOUT_S = 1.5


def _gauge(name: str, unit: str, meaning: str) -> Metric:
    return Metric(f"portico_intake_{name}", Kind.GAUGE, unit, meaning, "intake")


AGE = _gauge("status_age_seconds", "seconds", "Since the relay last wrote down what it sees; each second.")
WAITING = _gauge("waiting", "", "Posts in the journals that the studio doesn't have yet.")
OLDEST = _gauge("oldest_seconds", "seconds", "For how long the oldest of them has waited.")
ALONE = _gauge("alone", "", "Posts that lie in one cluster only.")
ASIDE = _gauge("aside", "", "Posts that were put aside, as the studio would not take them.")
MAIL_WAITING = _gauge("mail_waiting", "", "Entries whose mail isn't sent yet.")
MAIL_OLDEST = _gauge("mail_oldest_seconds", "seconds", "For how long the oldest of these mails has waited.")
PROBE_UP = _gauge("probe_up", "", "1 when the watcher's own post was acknowledged.")
PROBE_SECONDS = _gauge("probe_seconds", "seconds", "How long that took: on the disks of both clusters.")
PROBE_DELIVERED = _gauge(
    "probe_delivered_seconds", "seconds", "From the watcher's last delivered post to its delivery."
)
DELIVERED = Metric(
    "portico_intake_delivered_total", Kind.COUNTER, "", "Posts that the studio took.", "intake", ("kind",)
)

_GAUGES = {
    WAITING: "waiting",
    OLDEST: "oldest_s",
    ALONE: "alone",
    ASIDE: "aside",
    MAIL_WAITING: "mail_waiting",
    MAIL_OLDEST: "mail_oldest_s",
}


class IntakeCollector(Base):
    name = "intake"
    metrics = (AGE, *_GAUGES, PROBE_DELIVERED, DELIVERED)

    def __init__(self, watched: Watched) -> None:
        self._ledger = watched.ledger

    def collect(self, now: float, /) -> Iterator[Signal]:
        seen = self._ledger.seen(SEEN)
        if seen is None:
            return
        told, at = seen
        yield signal.of(AGE.name, max(0.0, now - at))
        yield from read(told)


def read(told: Mapping[str, Any]) -> Iterator[Signal]:
    """From what the relay wrote down."""
    for metric, name in _GAUGES.items():
        yield signal.of(metric.name, told[name])
    if told["probe_at"]:
        yield signal.of(PROBE_DELIVERED.name, told["probe_s"])
    yield signal.of(DELIVERED.name, told["delivered"] - told["spam"], kind="entry")
    yield signal.of(DELIVERED.name, told["spam"], kind="spam")
    yield signal.of(DELIVERED.name, told["probes"], kind="probe")


class IntakeProbeCollector(Base):
    """Sends a post that the studio takes and leaves nothing of, as a visitor sends one."""

    name = "intake-probe"
    metrics = (PROBE_UP, PROBE_SECONDS)

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self.every_s = PROBE_EVERY_S
        self._has_forms = True

    def collect(self, _now: float, /) -> Iterator[Signal]:
        status = self._watched.status
        if not status or not status.get("address") or not status.get("snapshot"):
            return
        began = time.monotonic()
        answered = self._post(status["address"])
        if answered in {client.NOT_FOUND, client.OK}:
            self._has_forms = answered == client.OK
        if not self._has_forms:
            return  # with all clusters dead nobody can say so
        self.every_s = PROBE_EVERY_S if answered == client.OK else PROBE_AGAIN_S
        yield signal.of(PROBE_UP.name, answered == client.OK)
        yield signal.of(PROBE_SECONDS.name, time.monotonic() - began)

    def _post(self, address: str) -> int:
        """The status; 0 without an answer."""
        body = urlencode({"token": secrets.token_hex(16)})
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        connection = None
        try:
            connection = self._watched.door(address).connection(PROBE_TIMEOUT_S)
            connection.request("POST", PROBE, body, headers)
            response = connection.getresponse()
            said = response.read()
            return response.status if response.status != client.OK or _is_ok(said) else 0
        except (OSError, client.HTTPException):
            return 0
        finally:
            if connection:
                connection.close()


def _is_ok(said: bytes) -> bool:
    try:
        return json.loads(said)["ok"] is True
    except (ValueError, TypeError, KeyError):
        return False
