"""The second column: high availability, fault tolerance, disaster recovery. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from portico.board import words
from portico.board.cell import DURABILITY, Cell, Evidence, worst
from portico.board.seen import Seen
from portico.model import MIRROR, Event

DISASTERS = ("everything-behind-the-edge", "cluster", "edge", "intake")
"""Drills that lose a whole part of the stack, the worst first."""


def cells(seen: Seen) -> tuple[Cell, Cell, Cell]:
    return _available(seen), _tolerant(seen), _recovered(seen)


def _available(seen: Seen) -> Cell:
    promise = "High availability"
    evidence = Evidence("/clusters", "clusters", "portico status")
    clusters = seen.state["clusters"]
    if not clusters:
        return Cell(DURABILITY, promise, "", "not measured yet: nothing was started", evidence)
    ups = sum(cluster["state"] == "up" for cluster in clusters)
    serving = sum(cluster["state"] in {"up", "degraded"} for cluster in clusters)
    mirrored = seen.state[MIRROR]["state"] == "up" and not seen.state[MIRROR].get("behind")
    drained = sum(cluster["state"] == "drained" for cluster in clusters)
    if not serving or serving + drained < len(clusters):
        tone = "bad"
    elif ups + drained < len(clusters) or not mirrored:
        tone = "fair"
    else:
        tone = "calm" if drained else "good"
    aside = f" and {drained} is drained" if drained else ""
    more = f"{serving} of {len(clusters)} clusters serve{aside}, the mirror {_mirror(seen)}"
    at = seen.age.keeper.at
    kept = next((one for one in seen.promises if one.objective == "availability" and one.total > 0), None)
    if kept is None:
        says = "of clusters serve now; how often visitors were answered isn't measured yet"
        return Cell(DURABILITY, promise, f"{serving}/{len(clusters)}", says, evidence, tone, more, at)
    tone = worst(tone, "good" if kept.left > 0.25 else "fair" if kept.left > 0 else "bad")
    counted = f"{words.number(kept.total)} {kept.by or 'requests'}"
    span = words.unbroken(words.span(kept.window_s if kept.whole else kept.measured_s))
    says = f"of {counted} were answered well, in {span}{'' if kept.whole else ' that were measured'}"
    return Cell(DURABILITY, promise, words.ratio(kept.measured), says, evidence, tone, more, at)


def _mirror(seen: Seen) -> str:
    mirror = seen.state[MIRROR]
    if mirror["state"] != "up":
        return f"is {mirror['state']}"
    if mirror.get("behind"):
        return f"is behind by {words.span(mirror.get('snapshot_age_s'))}"
    return "holds what is live" if seen.state["snapshot"] else "is up"


def _tolerant(seen: Seen) -> Cell:
    promise = "Fault tolerance"
    evidence = Evidence("/drills", "drills", "portico drill")
    mended = _mended(seen)
    drills = [drill for drill in seen.past.drills if drill.data.get("result") != "void"]
    if not drills:
        says = "not measured yet: no drill has run this month"
        return Cell(DURABILITY, promise, "", says, evidence, more=mended if seen.past.deaths else "")
    failed = sum(int(drill.data.get("failed") or 0) for drill in drills)
    sent = sum(int(drill.data.get("sent") or 0) for drill in drills)
    slowest = max((drill.data.get("heal_s") or 0.0 for drill in drills), default=0.0)
    lost = [drill for drill in _newest(drills) if drill.data.get("result") != "passed"]
    tone = "bad" if lost else "good"
    more = f"the slowest healed in {words.took(slowest)}; {mended}"
    if lost:
        more = f"{', '.join(drill.subject for drill in lost)} failed last time; {more}"
    says = (
        f"of {words.number(sent)} requests failed while {words.count(len(drills), 'drill')} broke something"
    )
    return Cell(DURABILITY, promise, words.number(failed), says, evidence, tone, more, drills[-1].at)


def _mended(seen: Seen) -> str:
    """What died by itself; what drills killed is told beside it, for it came back as well."""
    past = seen.past
    died, practised = len(past.real(past.deaths)), len(past.practised(past.deaths))
    said = f"{words.count(died, 'process', 'processes')} died this month"
    if practised:
        said += f" and {words.number(practised)} in drills"
    if not died + practised:
        return said
    return (
        f"{said}, {', '.join(past.gone)} not back yet"
        if past.gone
        else f"{said}, all came back by themselves"
    )


def _recovered(seen: Seen) -> Cell:
    promise = "Disaster recovery"
    evidence = Evidence("/drills", "drills", "portico drill everything-behind-the-edge")
    backup = _backup(seen)
    found = {drill.subject: drill for drill in seen.past.drills if drill.data.get("result") == "passed"}
    drill = next((found[name] for name in DISASTERS if name in found), None)
    if drill is None:
        says = "not measured yet: no disaster was practised this month"
        return Cell(DURABILITY, promise, "", says, evidence, more=backup)
    held = seen.state[MIRROR].get("snapshot_age_s")
    rpo = "" if held is None else f"RPO {words.span(held)}: the mirror lacks nothing. " if held == 0 else ""
    rpo = rpo or (f"RPO {words.span(held)}: so long the mirror has lagged. " if held else "")
    tone = "good" if seen.past.backup else "none"
    says = f"from loss to recovery (RTO), in the drill {words.unbroken(drill.subject)}"
    return Cell(
        DURABILITY,
        promise,
        words.took(drill.data.get("heal_s")),
        says,
        evidence,
        tone,
        rpo + backup,
        drill.at,
    )


def _backup(seen: Seen) -> str:
    done = seen.past.backup
    if done is None:
        return "Restore not measured yet: no backup has run"
    return f"The last backup is {words.span(seen.now - done.at)} old"


def _newest(drills: Sequence[Event]) -> list[Event]:
    return list({drill.subject: drill for drill in drills}.values())
