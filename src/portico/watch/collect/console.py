"""The console: whether operators can look and order, and whether somebody guesses at its door."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

from portico.kit import ports
from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

ANSWER_S = 1.5
WINDOW_S = 900.0
_MOST = 1000

UP = Metric("portico_console_up", Kind.GAUGE, "", "1 when the console answers at its port.", "console")
REFUSED = Metric(
    "portico_console_refused",
    Kind.GAUGE,
    "",
    "Tries to sign in that were refused within the last quarter of an hour.",
    "console",
)


class ConsoleCollector(Base):
    """Tells nothing where the console is off."""

    name = "console"
    metrics = (UP, REFUSED)

    def __init__(self, watched: Watched) -> None:
        self._home = watched.home
        self._ledger = watched.ledger
        self._asked = watched.settings.console

    def collect(self, now: float, /) -> Iterator[Signal]:
        if not self._asked.enabled:
            return
        yield signal.of(UP.name, self._answers())
        refused = self._ledger.events(kind="operator.refused", last=_MOST)
        yield signal.of(REFUSED.name, sum(event.at > now - WINDOW_S for event in refused))

    def _answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._asked.listen, self._asked.listen)  # noqa: S104 - compared, not bound
        port = ports.kept(self._home.console_port)
        asked = http.client.HTTPConnection(host, port, timeout=ANSWER_S)
        try:
            asked.request("GET", "/-/live")
            return port is not None and asked.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()
