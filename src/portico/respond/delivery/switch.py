"""The dead man's switch: an outside service is asked every minute, and alarms when it is not.

As healthchecks.io does it: the address says that all is well, the address and `/fail` that it isn't.
"""

from __future__ import annotations

import threading
from http import client
from urllib import error, request

from portico.config.responding import Notify
from portico.kit.errors import ConfigError
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.notify import address

EVERY_S = 60.0
AGAIN_S = 10.0
TIMEOUT_S = 10.0
FAILS = 3

_WHERE = "notify/dead_mans_switch"


class Switch:
    """Called by the loop, so that a loop that hangs is silent; a ledger that can't be written is, too."""

    def __init__(self, notify: Notify, ledger: Ledger) -> None:
        self._notify = notify
        self._ledger = ledger
        self._next_at = 0.0
        self._asking: threading.Thread | None = None
        self._fails = 0
        self._why = ""

    @property
    def wanted(self) -> bool:
        return self._notify.dead_mans_switch is not None or self._notify.dead_mans_switch_file is not None

    def tick(self, now: float, *, well: bool) -> None:
        """Ask when it is due. Raises sqlite3.Error when the ledger can't be written."""
        put_off = 0 < self._next_at - now <= EVERY_S  # more is a clock that was set back
        if not self.wanted or put_off or (self._asking and self._asking.is_alive()):
            return
        self._ledger.see("notify.switch", {"at": now, "well": well})
        self._next_at = now + (EVERY_S if not self._fails else AGAIN_S)
        self._asking = threading.Thread(target=self._ask, args=(well,), daemon=True, name="switch")
        self._asking.start()

    def troubles(self) -> dict[str, Finding]:
        if self._fails < FAILS:
            return {}
        sentence = f"The dead man's switch can't be told that the watcher lives: {self._why}."
        finding = Finding("dead-mans-switch-failing", Severity.WARNING, sentence, {"part": "watcher"})
        return {finding.key: finding}

    def wait(self, timeout: float) -> None:
        if self._asking:
            self._asking.join(timeout)

    def _ask(self, well: bool) -> None:  # noqa: FBT001 - a thread's argument
        self._why = _why_not(self._notify, well=well)
        self._fails = self._fails + 1 if self._why else 0


def asked_at(notify: Notify) -> str:
    """The outside service's address. Raises ConfigError, which doesn't show it, when it can't be asked."""
    url = address.read(notify.dead_mans_switch, notify.dead_mans_switch_file, where=_WHERE)
    if address.kind(url) not in {"http", "https"}:
        raise ConfigError("expected an address that begins with https://", where=_WHERE)
    return url


def _why_not(notify: Notify, *, well: bool) -> str:
    """What is wrong, without the address, or nothing."""
    try:
        url = asked_at(notify)
    except ConfigError as trouble:
        return trouble.what
    asked = request.Request(url if well else f"{url.rstrip('/')}/fail", headers={"User-Agent": "portico"})  # noqa: S310 - checked above
    try:
        with request.urlopen(asked, timeout=TIMEOUT_S):  # noqa: S310 - checked above
            return ""
    except error.HTTPError as trouble:
        trouble.close()
        return f"it answered {trouble.code}"
    except client.HTTPException as trouble:
        return f"it could not be asked: {type(trouble).__name__}"
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "reason", trouble)
        return address.redacted(f"it could not be reached: {reason}", url)
