"""The picture of a stack on a terminal. Pure: a scene and the room there is give what to print."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from portico.board.state import State
from portico.cli import screen, tale, words
from portico.model import FREEZER, MIRROR, RELAY, Event

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
_NAME = 16


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
    off = _findings(scene, width, most=_most_findings(height))
    foot = [Text(), Text(f" {scene.foot}", style=screen.CALM)] if scene.foot else []
    room = height - len(top) - len(off) - len(foot)
    clusters = _clusters(scene, width, room)
    events = _events(scene, width, room - len(clusters))
    lines = [*top, *clusters, *off, *events]
    padding = [Text()] * max(0, height - len(lines) - len(foot)) if foot else []
    return Group(*lines, *padding, *foot)


def _most_findings(height: int) -> int:
    if height >= TALL:
        return TALL
    return 2 if height < 40 else 8


def _head(scene: Scene) -> Text:
    state = scene.state
    head = Text.assemble((" portico ", "bold reverse"), "  ")
    head.append(
        str(state["address"] or "not serving yet"), style="bold underline" if state["address"] else ""
    )
    if state["seen_ago"] is not None and state["seen_ago"] > 3:
        head.append(f"   as the keeper saw it {words.age(state['seen_ago'])} ago", style=screen.FAIR)
    return head


def _core(scene: Scene, width: int) -> list[Text]:
    state = scene.state
    edge = _line("edge", _edge(state["edge"]), width)
    return [
        _line("snapshot", _snapshot(scene), width),
        _with_spark(edge, scene.rates, width),
        _line("keeper", _keeper(state), width),
        *([_line("watcher", _watcher(state), width)] if state["watcher"]["state"] != "off" else []),
        *([_line("studio", _studio(state), width)] if state["studio"]["state"] != "off" else []),
        *([_line("console", _console(state), width)] if state["console"]["state"] != "off" else []),
        _line(MIRROR, _mirror(state[MIRROR]), width),
        *([_line("actions", acted, width)] if (acted := _acted(scene)) else []),
    ]


def _line(label: str, pieces: Sequence[Text], width: int) -> Text:
    """A dim label and as many of the pieces as fit, two spaces between them; the first is always there."""
    line = Text.assemble((f" {label:<{_LABEL}}", screen.CALM), pieces[0])
    for piece in pieces[1:]:
        if len(line) + len(piece) + 3 > width:
            break
        line.append("   ").append_text(piece)
    line.truncate(width, overflow="ellipsis")
    return line


def _with_spark(line: Text, rates: Sequence[float], width: int) -> Text:
    room = min(width - len(line) - 4, 60)
    if any(rates) and room >= 10:
        line.append("   ").append(spark(rates[-room:]), style="cyan")
    return line


def _acted(scene: Scene) -> list[Text]:
    """What an action changed and nobody took back yet, and what waits for a person's yes."""
    state, pieces = scene.state, []
    if state.get("mirror_only"):
        pieces.append(Text("the mirror serves alone", style=screen.BAD))
    if until := state.get("shield"):
        pieces.append(Text(f"shield up for {words.age(until - scene.now)} at most", style=screen.FAIR))
    if ejected := state.get("ejected"):
        pieces.append(Text(f"{', '.join(ejected)} ejected", style=screen.FAIR))
    if waiting := state.get("asks"):
        pieces.append(
            Text(f"{words.count(len(waiting), 'question')} open: portico act asks", style=screen.FAIR)
        )
    return pieces


def _snapshot(scene: Scene) -> list[Text]:
    state = scene.state
    if not state["snapshot"]:
        return [Text("nothing is published yet", style=screen.FAIR)]
    pieces = [Text(words.short(state["snapshot"]), "bold")]
    if state["since"]:
        pieces.append(Text(f"live for {words.age(scene.now - state['since'])}"))
    return pieces


def _edge(edge: dict[str, Any]) -> list[Text]:
    pieces = [_state(edge)]
    if edge["state"] != "up":
        return pieces
    errors = edge.get("errors") or 0
    return [
        *pieces,
        Text(f"{edge.get('rate') or 0:,.0f} req/s"),
        Text(words.count(edge.get("connections") or 0, "connection")),
        Text(words.count(errors, "error"), style=screen.BAD if errors else screen.CALM),
        Text(f"{_share(edge.get('cache_hits'), edge.get('requests'))} from cache"),
        Text(f"{edge.get('requests') or 0:,} requests", style=screen.CALM),
    ]


def _keeper(state: State) -> list[Text]:
    keeper, guard = state["keeper"], state["guard"]
    if keeper["state"] == "down":
        back = "the guard starts it again" if guard["pid"] else "portico up brings it back"
        return [_state(keeper), Text(f"the site is served all the same; {back}", style=screen.FAIR)]
    if keeper["state"] == "hung":
        end = f"kill -9 {keeper['pid']}, and the guard starts another"
        return [_state(keeper), Text(f"it doesn't look any more; {end}", style=screen.FAIR)]
    pieces = [_state(keeper)]
    if (tick := keeper.get("tick_ms")) is not None:
        pieces.append(Text(f"tick {tick:.0f} ms"))
    lost = Text("the guard is down", style=screen.BAD)
    return [*pieces, Text(f"guard {guard['pid']}", style=screen.CALM) if guard["pid"] else lost]


def _watcher(state: State) -> list[Text]:
    watcher, seen = state["watcher"], state.get("watch")
    if watcher["state"] != "up" or not seen:
        lost = "nobody would be told" if watcher["state"] == "down" else ""
        return [_state(watcher), Text(lost, style=screen.FAIR)]
    looks, failing = seen["probes"]["looked"], seen["probes"]["failing"]
    well = (
        Text(f"{looks} looks well") if not failing else Text(f"{failing} of {looks} looks fail", screen.BAD)
    )
    open_ones = state.get("incidents") or []
    told = Text(words.count(len(open_ones), "incident"), style=screen.BAD if open_ones else screen.CALM)
    return [_state(watcher), well, told, *(_budget(one) for one in seen["slo"][:1])]


def _studio(state: State) -> list[Text]:
    """Where editors write, and the processes that bring it to visitors and theirs to it."""
    studio = state["studio"]
    where = Text(str(studio.get("address") or "")) if studio["state"] == "up" else Text()
    beside = (_beside(name, state[name]) for name in (FREEZER, RELAY) if state[name]["state"] != "off")
    return [_state(studio), *([where] if where else []), *_restarts(studio), *beside]


def _console(state: State) -> list[Text]:
    """Where people look and order."""
    console = state["console"]
    where = Text(str(console.get("address") or "")) if console["state"] == "up" else Text()
    return [_state(console), *([where] if where else []), *_restarts(console)]


def _beside(name: str, part: dict[str, Any]) -> Text:
    return Text(f"{name} {part['state']}", style=screen.CALM if part["state"] == "up" else screen.FAIR)


def _budget(promise: dict[str, Any]) -> Text:
    colour = screen.CALM if promise["left"] > 0.5 else screen.FAIR if promise["left"] > 0 else screen.BAD
    return Text(f"{max(0.0, promise['left']):.0%} of the {promise['objective']} budget left", style=colour)


def _mirror(mirror: dict[str, Any]) -> list[Text]:
    old = mirror.get("snapshot_age_s")
    if mirror.get("behind"):
        said = Text(f"behind by {words.age(old or 0)}", style=screen.FAIR)
    else:
        said = Text("holds what is live" if old is not None else "", style=screen.CALM)
    return [_state(mirror), *([said] if said else []), *_restarts(mirror)]


def _state(part: dict[str, Any]) -> Text:
    pid = f"pid {part['pid']}" if part.get("pid") else ""
    return Text.assemble(
        (f"● {part['state']:<8}", _COLOURS.get(part["state"], "")), " ", (f"{pid:<11}", screen.CALM)
    )


def _restarts(part: dict[str, Any]) -> list[Text]:
    restarts = part.get("restarts")
    return [Text(words.count(restarts, "restart"), style=screen.FAIR)] if restarts else []


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
        first = _cluster_name(cluster) if number == 0 else Text(" " * _NAME)
        text = Text.assemble(first, f"{replica['name']:<4} ", _state(replica))
        since = replica.get("since")
        age = [Text(f"for {words.age(now - since)}", style=screen.CALM)] if since and replica["pid"] else []
        lines.append(_line("cluster" if number == 0 else "", [text, *age, *_restarts(replica)], width))
    return lines or [_cluster_line(cluster, width)]


def _cluster_line(cluster: dict[str, Any], width: int) -> Text:
    text = _cluster_name(cluster)
    for replica in cluster["replicas"]:
        text.append("● ", style=_COLOURS.get(replica["state"], ""))
        text.append(f"{replica['name']}  ")
    return _line("cluster", [text], width)


def _cluster_name(cluster: dict[str, Any]) -> Text:
    state = f"{cluster['state']:<{_NAME - 6}}"
    return Text.assemble(
        (f"{_cut_to(cluster['name'], 6):<6}", "bold"), (state, _COLOURS.get(cluster["state"], ""))
    )


def _cut_to(text: str, width: int) -> str:
    return text if len(text) < width else f"{text[: width - 2]}… "


def _findings(scene: Scene, width: int, most: int) -> list[Text]:
    """Findings and open orders, in at most twice `most` lines and two more."""
    state = scene.state
    lines = [line for found in state["findings"][:most] for line in _finding(found, width, most)]
    if len(state["findings"]) > most:
        lines.append(_line("", [Text(f"and {len(state['findings']) - most} more: portico status")], width))
    lines += [
        _line("order", [Text(f"{order['kind']} is {order['state']}", style="cyan")], width)
        for order in state["orders"][:1]
    ]
    return [Text(), *lines] if lines else []


def _finding(found: dict[str, Any], width: int, most: int) -> list[Text]:
    """The sentence, wrapped; where room is short its first two lines."""
    colour = _SEVERITIES[found["severity"]]
    said = textwrap.wrap(f"● {found['sentence']}", max(20, width - _LABEL - 2), subsequent_indent="  ")
    shown = said if most >= TALL else said[:2]
    if len(shown) < len(said):
        shown[-1] += " …"
    return [
        _line("finding" if number == 0 else "", [Text(text, colour)], width)
        for number, text in enumerate(shown)
    ]


def _events(scene: Scene, width: int, room: int) -> list[Text]:
    told = [tale.line(event, scene.now) for event in scene.events if event.kind not in tale.QUIET]
    if room < 2 or not told:
        return []
    return [Text(), *(_cut(line, width) for line in told[-(room - 1) :])]


def _cut(line: Text, width: int) -> Text:
    cut = Text.assemble(" ", line)
    cut.truncate(width, overflow="ellipsis")
    return cut


def _share(part: float | None, whole: float | None) -> str:
    return f"{min(1.0, (part or 0) / whole):.0%}" if whole else "0%"


def spark(values: Sequence[float]) -> str:
    """A line of bars, the highest being the most of `values`."""
    most = max(values, default=0) or 1
    return "".join(_BARS[min(7, int(value / most * 7.999))] for value in values)
