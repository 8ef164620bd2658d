from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.console import Console

from portico.board import state
from portico.cli import tale, view
from portico.model import Event
from support import statuses

NOW = 1100.0


def living(part: str) -> int:
    return 10_000 + sum(part.encode())


def scene(
    *, clusters: int = 2, replicas: int = 2, findings: int = 0, events: int = 60, **more: Any
) -> view.Scene:
    names = tuple("abcdefgh"[:clusters])
    parts = ["edge", "keeper", "guard", "mirror", *(f"{c}{n}" for c in names for n in range(1, replicas + 1))]
    pids = {part: living(part) for part in parts}
    found = state.judge(statuses.healthy(pids, clusters=names, replicas=replicas), pids.get)
    found["seen_ago"], found["orders"] = 0.1, []
    found["findings"] = [
        {
            "key": f"k{n}",
            "severity": "warning",
            "sentence": "Replica a1 runs but doesn't answer. " * 4,
            "since": 1.0,
        }
        for n in range(findings)
    ]
    happened = tuple(
        Event(n, NOW - 60 + n, "replica.died", "a1", {"pid": n}, "") for n in range(1, events + 1)
    )
    return view.Scene(found, happened, now=NOW, **more)


def drawn(shown: view.Scene, width: int, height: int) -> list[str]:
    console = Console(width=width, height=height, file=io.StringIO(), force_terminal=False)
    console.print(view.render(shown, width, height))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue().rstrip("\n").split("\n")


@pytest.mark.parametrize(
    ("clusters", "replicas", "findings"), [(2, 2, 0), (2, 2, 9), (2, 8, 3), (8, 16, 0), (8, 16, 20)]
)
@pytest.mark.parametrize(("width", "height"), [(80, 24), (140, 40)])
def test_the_live_view_fits(clusters: int, replicas: int, findings: int, width: int, height: int):
    shown = scene(
        clusters=clusters, replicas=replicas, findings=findings, rates=(1.0,) * 60, foot="ctrl-c stops it"
    )
    lines = drawn(shown, width, height)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert "ctrl-c stops it" in lines[-1]


def test_a_small_stack_shows_each_replica_with_its_pid():
    text = "\n".join(drawn(scene(), 80, 24))
    assert all(f"{name}   ● up       pid {living(name)}" in text for name in ("a1", "a2", "b1", "b2"))


def test_the_studio_is_shown_with_where_it_is_and_what_runs_beside():
    shown = scene()
    up = {"pid": 9, "state": "up", "restarts": 0}
    shown.state.update(studio={**up, "address": "http://localhost:8000/"}, freezer=up, relay={"state": "off"})
    (line,) = [line for line in drawn(shown, 120, 24) if line.startswith(" studio")]
    assert "http://localhost:8000/" in line
    assert "freezer up" in line
    assert "relay" not in line


def test_the_console_is_shown_with_where_it_is():
    shown = scene()
    shown.state["console"] = {"pid": 9, "state": "up", "restarts": 0, "address": "http://localhost:9090/"}
    (line,) = [line for line in drawn(shown, 120, 24) if line.startswith(" console")]
    assert "http://localhost:9090/" in line


def test_without_a_studio_no_line_is_spent_on_it():
    assert not [line for line in drawn(scene(), 120, 24) if line.startswith(" studio")]


def test_a_large_stack_shows_a_line_for_each_cluster():
    lines = [line for line in drawn(scene(clusters=8, replicas=8), 80, 24) if line.startswith(" cluster")]
    assert len(lines) == 8


def test_the_newest_events_are_kept_when_there_is_little_room():
    assert "pid 60" in drawn(scene(), 80, 24)[-1]


def test_what_does_not_fit_into_the_line_is_left_out_whole():
    edge = next(line for line in drawn(scene(rates=(5.0,) * 60), 80, 24) if line.startswith(" edge"))
    assert edge.rstrip().endswith("0 errors")
    wide = next(line for line in drawn(scene(rates=(5.0,) * 60), 140, 24) if line.startswith(" edge"))
    assert "98% from cache" in wide
    assert "█" in wide


def test_a_dead_keeper_is_told_with_what_to_press():
    shown = scene()
    shown.state["keeper"] = {"pid": None, "state": "down"}
    shown.state["guard"] = {"pid": None, "state": "down"}
    text = "\n".join(drawn(shown, 100, 30))
    assert "the site is served all the same; portico up brings it back" in text


def test_a_stack_that_never_published_says_so():
    shown = scene()
    shown.state.update(snapshot=None, since=None, address=None)
    text = "\n".join(drawn(shown, 80, 24))
    assert "nothing is published yet" in text
    assert "not serving yet" in text


def test_a_long_finding_is_told_whole_where_nothing_is_cut():
    shown = scene(findings=1)
    shown.state["findings"][0]["sentence"] = " ".join(["word"] * 60) + " the end."
    assert "the end." in "\n".join(drawn(shown, 80, view.TALL))
    live = "\n".join(drawn(shown, 80, 24))
    assert "the end." not in live
    assert "word …" in live


def test_markup_in_a_finding_is_shown_as_it_is():
    shown = scene(findings=1)
    shown.state["findings"][0]["sentence"] = "the page [bold]x[/bold] is broken"
    assert "[bold]x[/bold]" in "\n".join(drawn(shown, 80, 24))


def test_a_sparkline_is_as_high_as_its_highest_value():
    assert view.spark([0, 50, 100]) == "▁▄█"
    assert view.spark([]) == ""


def test_an_event_is_one_line_with_short_ids():
    event = Event(1, NOW, "live", "3f" * 32, {"before": None, "order": 4}, "")
    assert tale.line(event, NOW).plain.endswith("live             3f3f3f3f3f3f  order 4")


def test_a_moment_to_come_is_told_as_a_time_of_day():
    event = Event(4, NOW, "silence.added", "cluster=a", {"silence": 1, "until": NOW + 10 * 86_400}, "h")
    assert re.search(r"until 1970-01-11 \d\d:\d\d:\d\d$", tale.line(event, NOW).plain)


def test_an_event_of_another_day_has_its_date():
    event = Event(1, NOW, "live", "x", {}, "")
    assert tale.line(event, NOW + 10 * 86_400).plain.startswith("1970-01-01 ")


def test_a_hung_keeper_is_shown_with_what_ends_it():
    shown = scene()
    shown.state["keeper"]["state"] = "hung"
    line = next(line for line in drawn(shown, 120, 30) if "keeper" in line)
    assert "hung" in line
    assert f"kill -9 {living('keeper')}" in line


def watched(failing: int = 0, left: float = 0.97) -> view.Scene:
    shown = scene()
    shown.state["watcher"] = {"pid": 77, "state": "up"}
    shown.state["watch"] = {
        "probes": {"looked": 7, "failing": failing},
        "slo": [{"objective": "availability", "left": left}],
    }
    return shown


def test_the_watcher_says_what_it_sees():
    line = next(line for line in drawn(watched(), 140, 40) if line.startswith(" watcher"))
    assert "7 looks well   0 incidents   97% of the availability budget left" in line


def test_looks_that_fail_and_a_budget_that_is_gone_are_told():
    line = next(line for line in drawn(watched(3, -0.4), 140, 40) if line.startswith(" watcher"))
    assert "3 of 7 looks fail" in line
    assert "0% of the availability budget left" in line


def test_a_dead_watcher_is_told():
    shown = watched()
    shown.state["watcher"] = {"pid": None, "state": "down"}
    assert "nobody would be told" in "\n".join(drawn(shown, 100, 30))


def test_what_actions_changed_and_ask_is_told_until_it_is_taken_back():
    calm = "\n".join(drawn(scene(), 140, 40))
    assert "actions" not in calm
    shown = scene()
    shown.state.update(shield=NOW + 1900, ejected=["a1"], mirror_only=True, asks=[{}, {}])
    line = next(line for line in drawn(shown, 140, 40) if line.startswith(" actions"))
    assert "the mirror serves alone   shield up for 31 min at most   a1 ejected" in line
    assert "2 questions open: portico act asks" in line


def test_an_actions_order_is_told_in_its_words():
    data = {
        "order": 12,
        "args": {"cluster": "a", "action": "fail-over", "words": "Drain cluster a."},
        "by": "policy",
    }
    told = tale.line(Event(1, NOW, "order.given", "drain", data, ""), NOW).plain
    assert told.endswith("order.given      drain  order 12  by policy  Drain cluster a.")
