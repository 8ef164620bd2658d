"""What runs, as people are shown it: the keeper's last look, held against the living processes."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from typing import Any

from portico.config.home import Home
from portico.kit import process
from portico.ledger import asks, incidents
from portico.ledger.ledger import Ledger
from portico.model import HELPERS, MIRROR

SILENT_S = 15.0
"""A keeper shows what it sees twice a second; its longest pause and a slow step fit in."""

State = dict[str, Any]
"""The document of `status --json`."""

Running = Callable[[str], int | None]
"""The pid of a part's living process, or None."""

_NOTHING: State = {
    "address": None,
    "http": None,
    "snapshot": None,
    "since": None,
    "edge": {"pid": None, "state": "down"},
    "keeper": {"pid": None, "state": "down"},
    "guard": {"pid": None, "state": "down"},
    **{name: {"pid": None, "state": "off"} for name in HELPERS},
    "mirror": {"name": MIRROR, "pid": None, "state": "down"},
    "clusters": [],
}


def gather(home: Home, ledger: Ledger, now: float | None = None) -> State:
    """The state of the stack in `home`, as far as anybody can tell without asking the keeper."""
    now = time.time() if now is None else now
    seen = ledger.seen("status")
    status, at = seen or (_NOTHING, None)
    state = judge(status, lambda part: _running(home, part))
    state["seen_ago"] = round(max(0.0, now - at), 3) if at else None
    if _is_silent(status["keeper"], state):
        state["keeper"]["state"] = "hung"
    state["findings"] = [
        {"key": found.key, "severity": str(found.severity), "sentence": found.sentence, "since": since}
        for found, since in ledger.findings()
    ]
    state["watch"] = _watch(ledger, now)
    state["incidents"] = [
        {"id": found.id, "severity": str(found.severity), "title": found.title, "opened": found.opened}
        for found in incidents.current(ledger)
    ]
    state["asks"] = [
        {"id": ask.id, "action": ask.question.action, "words": ask.question.words, "expires": ask.expires}
        for ask in asks.waiting(ledger)
    ]
    state["orders"] = [
        {"id": order.id, "kind": order.kind, "state": order.state, "at": order.at, "by": order.by}
        for order in ledger.open_orders()
    ]
    return state


def _watch(ledger: Ledger, now: float) -> dict[str, Any] | None:
    """What the watcher saw last, unless that is old."""
    seen = ledger.seen("watch")
    return {**seen[0], "seen_ago": round(now - seen[1], 3)} if seen and now - seen[1] < SILENT_S else None


def judge(status: Mapping[str, Any], running: Running) -> State:
    """The keeper's status with the processes as they are now: what died since is shown as down."""
    state: State = {**copy.deepcopy(_NOTHING), **copy.deepcopy(dict(status))}
    for part in ("edge", "keeper", "guard", MIRROR):
        _correct(state[part], running(part))
    for part in HELPERS:
        if state[part]["state"] != "off":
            _correct(state[part], running(part))
    for cluster in state["clusters"]:
        for replica in cluster["replicas"]:
            _correct(replica, running(replica["name"]))
        cluster["state"] = cluster_state(cluster)
    for own in ("keeper", "guard"):
        state[own]["state"] = "up" if state[own]["pid"] else "down"
    return state


def _is_silent(before: Mapping[str, Any], state: State) -> bool:
    """Whether the very keeper that looked last runs, and has not looked for long."""
    same = before.get("pid") is not None and before["pid"] == state["keeper"]["pid"]
    return same and (state["seen_ago"] or 0) > SILENT_S


def _correct(part: dict[str, Any], pid: int | None) -> None:
    """A process that nobody looked at since it was started counts as starting."""
    before = part.get("pid")
    part["pid"] = pid
    if pid is None:
        part["state"] = "waiting" if part.get("state") == "waiting" else "down"
    elif pid != before:
        part["state"] = "starting"


def cluster_state(cluster: Mapping[str, Any]) -> str:
    """The cluster's state after its replicas were looked at; a drained one stays so."""
    if cluster["state"] == "drained":
        return "drained"
    ups = [replica["state"] == "up" for replica in cluster["replicas"]]
    if not any(ups):
        return "down"
    return str(cluster["state"]) if all(ups) else "degraded"


def runs(state: State) -> bool:
    """Whether anything of the stack runs."""
    parts = (
        state["edge"],
        state["keeper"],
        state["guard"],
        *(state[name] for name in HELPERS),
        state[MIRROR],
        *replicas(state),
    )
    return any(part["pid"] for part in parts)


def replicas(state: State) -> list[dict[str, Any]]:
    return [replica for cluster in state["clusters"] for replica in cluster["replicas"]]


def _running(home: Home, part: str) -> int | None:
    known = process.recall(home.record(part))
    return known.pid if known and known.alive else None
