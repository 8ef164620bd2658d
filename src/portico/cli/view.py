"""The picture of a stack on a terminal. Pure: a scene and the room there is give what to print."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from portico.cli import screen, tale, words
from portico.cli.state import State
from portico.model import MIRROR, Event

TALL = 1000
"""A height for where nothing is cut."""

_COLOURS = {
    "up": screen.GOOD,
    "starting": screen.FAIR,
    "degraded": screen.FAIR,
    "drained": "blue",
    "hung": screen.BAD,
    "down": screen.BAD,
    "waiting": screen.FAIR,
}
_SEVERITIES = {"info": "blue", "warning": screen.FAIR, "critical": screen.BAD}
_BARS = "▁▂▃▄▅▆▇█"
_LABEL = 10


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown. `rates` are the edge's requests per second of late, `foot` says what Ctrl-C does."""

    state: State
    events: Sequence[Event]
    rates: Sequence[float] = ()
    foot: str = ""
    now: float = field(default_factory=time.time)


def render(scene: Scene, width: int, height: int) -> RenderableType:
    """The whole picture, at most `height` lines: the clusters shrink to one line each, then events go."""
    top = [_head(scene), Text(), *_core(scene, width), Text()]
    off = _findings(scene, width, most=4 if height < 40 else 12)
    foot = [Text(), Text(f" {scene.foot}", style=screen.CALM)] if scene.foot else []
    room = height - len(top) - len(off) - len(foot)
    clusters = _clusters(scene, width, room)
    events = _events(scene, width, room - len(clusters))
    lines = [*top, *clusters, *off, *events]
    padding = [Text()] * max(0, height - len(lines) - len(foot)) if height < TALL and foot else []
    return Group(*lines, *padding, *foot)


def _head(scene: Scene) -> Text:
    state = scene.state
    head = Text(" portico ", style="bold reverse")
    head.append("  ")
    head.append(
        str(state["address"] or "not serving yet"), style="bold underline" if state["address"] else ""
    )
    if state["seen_ago"] is not None and state["seen_ago"] > 3:
        head.append(f"   as the keeper saw it {words.age(state['seen_ago'])} ago", style=screen.FAIR)
    return head


def _core(scene: Scene, width: int) -> list[Text]:
    state = scene.state
    return [
        _line("snapshot", _snapshot(scene), width),
        _line("edge", _edge(state["edge"], scene.rates, width), width),
        _line("keeper", _keeper(state), width),
        _line(MIRROR, _mirror(state[MIRROR]), width),
    ]


def _line(label: str, text: Text, width: int) -> Text:
    line = Text(f" {label:<{_LABEL}}", style=screen.CALM, no_wrap=True, overflow="ellipsis")
    line.append_text(text)
    line.truncate(width, overflow="ellipsis")
    return line


def _snapshot(scene: Scene) -> Text:
    state = scene.state
    if not state["snapshot"]:
        return Text("nothing is published yet", style=screen.FAIR)
    text = Text(words.short(state["snapshot"]), style="bold")
    if state["since"]:
        text.append(f"   live for {words.age(scene.now - state['since'])}", style="default not bold")
    return text


def _edge(edge: dict[str, Any], rates: Sequence[float], width: int) -> Text:
    text = _state(edge)
    if edge["state"] != "up":
        return text
    text.append(f"   {edge.get('rate') or 0:,.0f} requests/s")
    text.append(f"   {words.count(edge.get('connections') or 0, 'connection')}")
    text.append(f"   {_share(edge.get('cache_hits'), edge.get('requests'))} from cache")
    errors = edge.get("errors") or 0
    text.append(f"   {words.count(errors, 'error')}", style=screen.BAD if errors else screen.CALM)
    room = width - len(text) - _LABEL - 6
    if rates and room >= 12:
        text.append(f"   {spark(rates[-min(room, 60) :])}", style="cyan")
    return text


def _keeper(state: State) -> Text:
    text = _state(state["keeper"])
    if state["keeper"]["state"] == "down":
        back = "the guard starts it again" if state["guard"]["pid"] else "portico up starts it again"
        return text.append(f"   the site is served all the same; {back}", style=screen.FAIR)
    if (tick := state["keeper"].get("tick_ms")) is not None:
        text.append(f"   a look takes {tick:.0f} ms")
    guard = state["guard"]
    text.append("   guard ")
    return text.append(
        str(guard["pid"]) if guard["pid"] else "down", style="" if guard["pid"] else screen.BAD
    )


def _mirror(mirror: dict[str, Any]) -> Text:
    text = _state(mirror)
    old = mirror.get("snapshot_age_s")
    if mirror.get("behind"):
        text.append(f"   behind: its snapshot is {words.age(old or 0)} older", style=screen.FAIR)
    elif old is not None:
        text.append(f"   looked at {words.age(old)} ago")
    return _restarts(text, mirror)


def _state(part: dict[str, Any]) -> Text:
    colour = _COLOURS.get(part["state"], "default")
    text = Text("● ", style=colour)
    text.append(f"{part['state']:<8}", style=colour)
    text.append(f" {'pid ' + str(part['pid']) if part.get('pid') else '':<11}", style=screen.CALM)
    return text


def _restarts(text: Text, part: dict[str, Any]) -> Text:
    if restarts := part.get("restarts"):
        text.append(f"   {words.count(restarts, 'restart')}", style=screen.FAIR)
    return text


def _clusters(scene: Scene, width: int, room: int) -> list[Text]:
    """A line for each replica where there is room for it and some events, else a line for each cluster."""
    state = scene.state
    long = sum(len(cluster["replicas"]) for cluster in state["clusters"])
    if long + 4 <= room:
        return [line for cluster in state["clusters"] for line in _cluster_lines(cluster, scene.now, width)]
    return [_cluster_line(cluster, width) for cluster in state["clusters"]]


def _cluster_lines(cluster: dict[str, Any], now: float, width: int) -> list[Text]:
    lines = []
    for number, replica in enumerate(cluster["replicas"]):
        text = Text()
        text.append(f"{cluster['name'] if number == 0 else '':<5}", style="bold")
        named = f"{cluster['state'] if number == 0 else '':<10}"
        text.append(named, style=_COLOURS.get(cluster["state"], ""))
        text.append(f"{replica['name']:<4} ")
        text.append_text(_state(replica))
        if replica.get("since"):
            text.append(f"   for {words.age(now - replica['since'])}", style=screen.CALM)
        lines.append(_line("cluster" if number == 0 else "", _restarts(text, replica), width))
    return lines or [_cluster_line(cluster, width)]


def _cluster_line(cluster: dict[str, Any], width: int) -> Text:
    text = Text(f"{cluster['name']:<5}", style="bold")
    text.append(f"{cluster['state']:<10}", style=f"not bold {_COLOURS.get(cluster['state'], '')}")
    for replica in cluster["replicas"]:
        text.append("● ", style=_COLOURS.get(replica["state"], ""))
        text.append(f"{replica['name']}  ", style="not bold")
    return _line("cluster", text, width)


def _findings(scene: Scene, width: int, most: int) -> list[Text]:
    state = scene.state
    lines = [
        _line("off", Text(f"● {found['sentence']}", style=_SEVERITIES[found["severity"]]), width)
        for found in state["findings"][:most]
    ]
    if len(state["findings"]) > most:
        lines.append(_line("", Text(f"and {len(state['findings']) - most} more: portico status"), width))
    lines += [
        _line("order", Text(f"{order['id']} {order['kind']} is {order['state']}", style="cyan"), width)
        for order in state["orders"][:most]
    ]
    return [Text(), *lines] if lines else []


def _events(scene: Scene, width: int, room: int) -> list[Text]:
    told = [line for event in scene.events if (line := tale.line(event, scene.now)) is not None]
    if room < 2 or not told:
        return []
    return [Text(), *(_cut(line, width) for line in told[-(room - 1) :])]


def _cut(line: Text, width: int) -> Text:
    cut = Text(" ", no_wrap=True, overflow="ellipsis")
    cut.append_text(line)
    cut.truncate(width, overflow="ellipsis")
    return cut


def _share(part: float | None, whole: float | None) -> str:
    return f"{min(1.0, (part or 0) / whole):.0%}" if whole else "0%"


def spark(values: Sequence[float]) -> str:
    """A line of bars, the highest being the most of `values`."""
    most = max(values, default=0) or 1
    return "".join(_BARS[min(7, int(value / most * 7.999))] for value in values)
