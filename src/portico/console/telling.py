"""Orders in words: what was asked for, how far it is, what came of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portico.model import Event, Order
from portico.release import procedure, steps
from portico.release.procedure import Progress

SHORT = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One of a publish. `seconds` is None while it isn't done; `share` is of the longest, for a bar."""

    words: str
    state: str
    seconds: float | None = None
    share: float = 0.0
    note: str = ""


def what(order: Order) -> str:
    """The order in a sentence, without its end."""
    args = order.args
    if words := args.get("words"):
        return str(words).rstrip(".")
    snapshot = str(args.get("snapshot") or "")[:SHORT]
    said = {
        "publish": f"Publish snapshot {snapshot}",
        "rollback": f"Roll back to {f'snapshot {snapshot}' if snapshot else 'the last good snapshot'}",
        "drain": f"Drain cluster {args.get('cluster')}",
        "undrain": f"Send visitors to cluster {args.get('cluster')} again",
        "scale": f"Scale cluster {args.get('cluster')} to {args.get('replicas')}",
        "restart": f"Restart {args.get('target')}",
        "eject": f"Eject replica {args.get('replica')}",
        "readmit": f"Send visitors to replica {args.get('replica')} again",
        "shield": "Raise the shield" if args.get("on") else "Take the shield down",
        "mirror": "Serve from the mirror alone" if args.get("on") else "Send visitors to the clusters again",
        "repair": f"Repair the store of {args.get('cluster')}",
        "takedown": f"Take down {', '.join(args.get('paths') or ())}",
        "drill": f"Run the drill {args.get('drill')}",
        "down": "Take the stack down",
    }
    return said.get(order.kind, order.kind.replace("-", " ").capitalize())


def outcome(order: Order) -> str:
    """What it came to, while there is something to say."""
    result = order.result
    if order.state == "failed":
        return str(result.get("why") or "it failed, and said nothing about it")
    if order.state != "done":
        return ""
    told = {
        "checked": "{} files checked",
        "repaired": "{} repaired",
        "bytes": "{} bytes freed",
    }
    return ", ".join(words.format(result[key]) for key, words in told.items() if key in result)


def took(order: Order, ended: float | None = None) -> float | None:
    """Seconds from the order to its end."""
    seconds = order.result.get("seconds")
    if isinstance(seconds, int | float):
        return float(seconds)
    return None if ended is None else max(0.0, ended - order.at)


def publish_steps(order: Order, progress: Progress | None, clusters: Sequence[str]) -> list[Step]:
    """Each step of a publish or a rollback, done or not; none for other orders."""
    if order.kind not in procedure.KINDS:
        return []
    planned = procedure.plan(order.kind, clusters)
    seconds = dict(progress.seconds) if progress else dict(order.result.get("steps", {}))
    notes = dict(progress.notes) if progress else dict(order.result.get("notes", {}))
    done = {*(progress.done if progress else ()), *seconds}
    extra = [step for step in seconds if step not in planned]
    longest = max(seconds.values(), default=0.0)
    current = next((step for step in planned if step not in done), None) if order.state == "taken" else None
    return [
        Step(
            steps.said(step),
            "done" if step in done else "taken" if step == current else "open",
            seconds.get(step),
            seconds[step] / longest if longest and step in seconds else 0.0,
            str(notes.get(step, "")),
        )
        for step in (*planned, *extra)
        if step in done or order.state != "done"
    ]


def event(found: Event) -> str:
    """An event of an order, in a line."""
    data = found.data
    match found.kind:
        case "order.given":
            return f"ordered by {data.get('by') or 'somebody'}"
        case "order.taken":
            return "the keeper took it up"
        case "order.done":
            return "done"
        case "order.failed":
            return f"refused or failed: {data.get('why', '')}"
        case "publish.step":
            return steps.said(str(data.get("step")))
        case "live":
            return f"{found.subject[:SHORT]} went live"
        case "released":
            return f"{found.subject[:SHORT]} was seen from outside"
        case "takedown.acknowledged":
            return f"acknowledged by {found.subject}"
        case "store.repaired":
            return f"the store of {found.subject} was read whole"
    return " ".join(part for part in (found.kind.replace(".", " "), found.subject) if part)


def args(order: Order) -> Mapping[str, Any]:
    """What an order's words leave out, for who wants to know it exactly."""
    return {key: value for key, value in order.args.items() if key != "words" and value not in (None, "")}
