"""The picture of a stack: who stands where, how each is, and what flows between them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.board import words
from portico.board.seen import Seen
from portico.model import MIRROR, STUDIO

NOT_STARTED = "not started"
_TONES = {"up": "good", "starting": "fair", "degraded": "fair", "waiting": "fair", "drained": "calm"}


@dataclass(frozen=True, slots=True)
class Part:
    """A box of the picture. `lines` are told below its name, `replicas` as names and tones."""

    name: str
    tone: str
    state: str
    lines: tuple[str, ...] = ()
    replicas: tuple[tuple[str, str], ...] = ()
    href: str = "/clusters"


@dataclass(frozen=True, slots=True)
class Picture:
    """`asked` is what visitors ask of the edge, `sent` what it asks of each place, a second, if known."""

    visitors: Part
    edge: Part
    places: tuple[Part, ...]
    source: Part
    asked: float | None
    sent: Mapping[str, float | None]

    @property
    def words(self) -> str:
        """The same for whoever doesn't see it."""
        places = "; ".join(f"{one.name} is {one.state}, {', '.join(one.lines)}" for one in self.places)
        return f"Visitors ask the edge {words.rate(self.asked)}; the edge is {self.edge.state}; {places}."


def of(seen: Seen) -> Picture:
    state, told = seen.state, seen.numbers
    clusters = [_cluster(seen, one) for one in state["clusters"]]
    rates: dict[str, float | None] = {one["name"]: told.to.get(one["name"]) for one in state["clusters"]}
    return Picture(
        Part("visitors", "none", "", (words.rate(told.requests),), href="/traffic"),
        _edge(seen),
        (*clusters, _mirror(seen)),
        _source(seen),
        told.requests,
        {**rates, MIRROR: told.to.get(MIRROR)},
    )


def _tone(seen: Seen, state: str) -> str:
    """Nobody knows that a part is well for which the keeper doesn't look."""
    tone = _TONES.get(state, "bad")
    return "none" if tone == "good" and seen.age.keeper.old else tone


def _edge(seen: Seen) -> Part:
    edge, hits = seen.state["edge"], seen.numbers.hits
    if not seen.age.begun:
        return Part("edge", "none", NOT_STARTED, href="/traffic")
    lines = [] if hits is None else [f"{words.ratio(hits, 1)} from cache"]
    if (open_ones := edge.get("connections")) is not None and edge["state"] == "up":
        lines.append(words.count(open_ones, "connection"))
    if until := seen.state.get("shield"):
        lines.append(f"shield for {words.span(until - seen.now)}")
    return Part("edge", _tone(seen, edge["state"]), edge["state"], tuple(lines), href="/traffic")


def _cluster(seen: Seen, cluster: Mapping[str, Any]) -> Part:
    rate = seen.numbers.to.get(cluster["name"])
    replicas = tuple((one["name"], _tone(seen, one["state"])) for one in cluster["replicas"])
    lines = () if rate is None else (words.rate(rate),)
    return Part(cluster["name"], _tone(seen, cluster["state"]), cluster["state"], lines, replicas)


def _mirror(seen: Seen) -> Part:
    mirror, rate = seen.state[MIRROR], seen.numbers.to.get(MIRROR)
    if not seen.age.begun:
        return Part(MIRROR, "none", NOT_STARTED)
    old = mirror.get("snapshot_age_s")
    held = "" if old is None else "in step" if not old else f"behind by {words.span(old)}"
    lines = [*([held] if held else []), *([words.rate(rate)] if rate else [])]
    found = "fair" if mirror.get("behind") else _tone(seen, mirror["state"])
    return Part(MIRROR, found, mirror["state"], tuple(lines))


def _source(seen: Seen) -> Part:
    """Where snapshots come from: the studio, or files."""
    state = seen.state
    since = state.get("since")
    live = f"live for {words.span(seen.now - since)}" if since else "nothing is live yet"
    lines = (*([words.short(state["snapshot"])[:8]] if state["snapshot"] else []), live)
    if not seen.settings.runs_studio:
        return Part("files", "none", "", lines, href="/publishes")
    found = state[STUDIO]["state"]
    return Part(STUDIO, "none" if found == "off" else _tone(seen, found), found, lines, href="/publishes")
