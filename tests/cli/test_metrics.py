import csv
import io
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from portico.cli import axis, measures, plot, screen
from portico.config.home import Home
from portico.config.watching import Watch
from portico.ledger.ledger import Ledger
from portico.watch.series import quantiles
from portico.watch.series.store import Store
from support.commands import Run
from support.stack import portico

REQUESTS = "portico_edge_requests_total"
MEMORY = "portico_process_resident_memory_bytes"
IDLE = "portico_edge_idle_ratio"
DURATION = "portico_edge_request_duration_seconds"
Values = Mapping[str, float]


@pytest.fixture
def kept(home: Home, ledger: Ledger) -> Iterator[Callable[[float, Callable[[int], Values]], None]]:
    """Keep samples of the last so many seconds, one each 5 s."""
    store = Store(home.series, Watch())

    def keep(seconds: float, values: Callable[[int], Values]) -> None:
        now = time.time()
        count = int(seconds / 5)
        for number in range(count):
            store.append(now - (count - number) * 5, values(number))
        store.maintain(now)

    yield keep
    store.close()


def typical(number: int) -> Values:
    return {
        f'{REQUESTS}{{door="https"}}': 50.0,
        f'{REQUESTS}{{door="http"}}': 5.0,
        f'{MEMORY}{{part="keeper"}}': 48e6 + number,
        IDLE: 0.25 + 0.5 * (number % 2),
    }


def test_metrics_are_listed_with_what_they_are_and_their_latest_value(kept, run: Run):
    kept(60, typical)
    lines = run("metrics", "list").out.splitlines()
    assert lines[0].split() == ["metric", "series", "latest", "age"]
    told = {line.split()[0]: line for line in lines[1:]}
    assert sorted(told) == [IDLE, REQUESTS, MEMORY]
    assert "+5 to +50" in told[REQUESTS]
    assert "Requests that came through this door." in told[REQUESTS]
    assert "48.0 MB" in told[MEMORY]
    assert "75 %" in told[IDLE]


def test_a_prefix_narrows_the_list_down_and_may_lack_the_houses_name(kept, run: Run):
    kept(60, typical)
    for prefix in ("portico_edge_", "edge_"):
        found = json.loads(run("metrics", "list", prefix, "--json").out)
        assert [one["name"] for one in found] == [IDLE, REQUESTS]
    assert found[1]["kind"] == "counter"
    assert found[1]["series"][0] | {"at": 0} == {
        "key": f'{REQUESTS}{{door="http"}}',
        "labels": {"door": "http"},
        "at": 0,
        "value": 5.0,
    }
    ran = run("metrics", "list", "nonsense")
    assert (ran.code, ran.err) == (
        2,
        "error: no metric starts with 'nonsense'\nhint: portico metrics list\n",
    )


def test_a_counter_is_drawn_as_its_growth_per_second(kept, run: Run):
    """Up to five minutes ago: the last step of what was kept is whole in time, but not in samples."""
    kept(3600, typical)
    span = ("--since", "55m", "--until", "5m")
    out = run("metrics", "query", REQUESTS, "--label", "door=https", *span).out
    assert out.splitlines()[0] == f"{REQUESTS}  per second, steps of 10 s"
    assert "door=https  last 10/s  mean 10/s  least 10/s  most 10/s" in out
    found = json.loads(run("metrics", "query", REQUESTS, *span, "--json").out)
    assert found["per_second"] is True
    assert {row["value"] for series in found["series"] for row in series["rows"]} == {1.0, 10.0}


def test_a_gauge_is_drawn_as_its_mean_with_the_least_and_most_of_its_samples(kept, run: Run):
    kept(3600, typical)
    out = run("metrics", "query", IDLE, "--since", "30m", "--step", "1m").out
    assert "least 25 %  most 75 %" in out
    assert any(0x2800 < ord(character) < 0x2900 for character in out)


def test_many_series_have_a_row_each(kept, run: Run):
    kept(600, lambda _: {f'{MEMORY}{{part="a{place}"}}': place * 1e6 for place in range(1, 8)})
    lines = run("metrics", "query", MEMORY, "--since", "10m").out.splitlines()
    rows = [line for line in lines if line.startswith("part=")]
    assert [line.split()[0] for line in rows] == [f"part=a{place}" for place in range(1, 8)]
    assert "█" in rows[-1]
    assert "▂" in rows[0]
    assert rows[-1].endswith("7.0 MB")


def test_a_gap_is_blank_in_the_chart(kept, run: Run):
    kept(3600, lambda number: {IDLE: 0.5} if not 240 < number < 480 else {"other": 1.0})
    out = run("metrics", "query", IDLE, "--since", "1h").out
    drawn = next(
        line for line in out.splitlines() if line.count("⠒") + line.count("⠤") + line.count("⠉") > 30
    )
    assert " " * 20 in drawn.strip("│┤ 0123456789%")


@pytest.mark.parametrize("columns", ["24", "40", "80", "200"])
def test_a_chart_fits_into_the_terminal(columns: str, kept, run: Run, monkeypatch: pytest.MonkeyPatch):
    kept(3600, typical)
    monkeypatch.setenv("COLUMNS", columns)
    screen.out.cache_clear()
    for line in run("metrics", "query", IDLE, "--since", "1h").out.splitlines():
        if any(mark in line for mark in "│┤└┬"):
            assert len(line) <= int(columns)


def test_no_escape_is_written_where_colour_is_unwanted(kept, run: Run):
    kept(60, typical)
    assert "\x1b" not in run("metrics", "query", IDLE, "--since", "1m").out


def test_csv_has_a_line_for_each_value(kept, run: Run):
    kept(600, typical)
    out = run("metrics", "query", REQUESTS, "--since", "10m", "--step", "1m", "--csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["labels"] for row in rows} == {"door=http", "door=https"}
    assert {row["series"] for row in rows if row["value"] == "10.0"} == {f'{REQUESTS}{{door="https"}}'}
    assert "T" in rows[0]["time"]


def test_one_series_is_asked_for_by_its_whole_name(kept, run: Run):
    kept(600, typical)
    found = json.loads(run("metrics", "query", f'{REQUESTS}{{door="http"}}', "--since", "10m", "--json").out)
    assert [series["labels"] for series in found["series"]] == [{"door": "http"}]


def test_a_histogram_is_drawn_by_its_quantiles(kept, run: Run):
    def buckets(number: int) -> Values:
        counts = {"0.01": 50.0, "0.1": 90.0, "1.0": 100.0, "+Inf": 100.0}
        parts = {f'{DURATION}_bucket{{cluster="a",le="{le}"}}': count for le, count in counts.items()}
        return {**parts, f'{DURATION}_count{{cluster="a"}}': 100.0, f'{DURATION}_sum{{cluster="a"}}': 5.0}

    kept(600, buckets)
    found = json.loads(run("metrics", "query", DURATION, "--since", "10m", "--json").out)
    last = {series["labels"]["quantile"]: series["rows"][-1]["value"] for series in found["series"]}
    assert last == pytest.approx({"p50": 0.01, "p90": 0.1, "p99": 0.91})
    (line,) = run("metrics", "list", "edge_").out.splitlines()[1:]
    assert line.split()[:3] == [DURATION, "6", "+100"]
    out = run("metrics", "query", f"{DURATION}_count", "--since", "10m").out
    assert "last 20/s" in out


@pytest.mark.parametrize(
    ("args", "code", "error", "hint"),
    [
        (["portico_edge_requets_total"], 2, "there is no metric 'portico_edge_requets_total'", REQUESTS),
        ([MEMORY, "--label", "part=edge"], 2, "no series with part=edge", "there are part=keeper"),
        ([MEMORY, "--label", "edge"], 2, "expected NAME=VALUE, got 'edge'", "--label cluster=a"),
        ([MEMORY, "--since", "soon"], 2, "got 'soon'", "--since 10m"),
        (
            [MEMORY, "--since", "1h", "--until", "2h"],
            2,
            "expected --since to lie before --until",
            "--since 2d",
        ),
        ([MEMORY, "--json", "--csv"], 2, "expected either --json or --csv", "--csv"),
        ([MEMORY, "--step", "never"], 2, "expected a time span shorter", "--step 5m"),
        ([MEMORY, "--step", "3d"], 2, "expected a time span shorter", "--step 5m"),
        (["portico_host_load"], 5, "nothing is kept of portico_host_load", "portico metrics list"),
    ],
)
def test_a_question_that_has_no_answer_is_told_with_what_to_try(args, code, error, hint, kept, run: Run):
    kept(60, typical)
    ran = run("metrics", "query", *args)
    assert ran.code == code
    assert error in ran.err
    assert hint in ran.err


def test_where_nothing_was_measured_yet_that_is_said(home: Home, ledger: Ledger, run: Run):
    assert run("metrics", "list").out == (
        "nothing was measured yet: the watcher writes its first numbers in seconds\n"
    )
    assert json.loads(run("metrics", "list", "--json").out) == []
    ran = run("metrics", "query", REQUESTS)
    assert ran.code == 5
    assert "nothing was measured yet" in ran.err


def test_a_time_without_samples_is_told(kept, run: Run):
    kept(60, typical)
    assert (
        "nothing was measured in this time"
        in run("metrics", "query", IDLE, "--since", "3h", "--until", "2h").out
    )


def test_a_damaged_file_is_told_and_the_rest_is_drawn(kept, home: Home, run: Run):
    kept(8000, typical)
    block = min(home.series.glob("raw-*.block"))
    block.write_bytes(block.read_bytes()[:300])
    ran = run("metrics", "query", IDLE, "--since", "3h", "--step", "5s")
    assert ran.code == 0
    assert f"{block.stem} is damaged" in ran.err


def test_the_shell_completes_names_of_metrics(kept, home: Home):
    kept(60, typical)
    asked = {
        "_PORTICO_COMPLETE": "complete_bash",
        "COMP_WORDS": "portico metrics query portico_edge_r",
        "COMP_CWORD": "3",
    }
    assert portico(cwd=home.root.parent, env={**os.environ, **asked}).stdout.split() == [REQUESTS]


@pytest.mark.parametrize(
    ("value", "unit", "rate", "told"),
    [
        (0, "", False, "0"),
        (100, "", False, "100"),
        (1234, "", False, "1,234"),
        (12345, "", True, "12.3k/s"),
        (0.01234, "", False, "0.0123"),
        (-5, "", False, "-5"),
        (3e-12, "", False, "0"),
        (1.5e6, "bytes", True, "1.5 MB/s"),
        (0.00042, "seconds", False, "420 µs"),
        (0.0123, "seconds", False, "12.3 ms"),
        (90, "seconds", False, "90 s"),
        (300, "seconds", False, "5 min"),
        (80.5 * 86400, "seconds", False, "80.5 d"),
        (0.123, "ratio", False, "12.3 %"),
    ],
)
def test_numbers_are_told_in_their_units(value, unit, rate, told):
    assert measures.said(value, unit, rate=rate) == told


def test_a_line_is_drawn_from_corner_to_corner():
    assert plot.braille([[(0, 0), (1, 1)]], 2, 1) == ["⡠⠊"]
    assert plot.braille([], 3, 2) == ["   ", "   "]
    assert plot.bars([[(0, 0), (1, 1)]], 8) == "▁▂▃▄▅▆▇█"
    assert plot.bars([[(0, 1)], [(1, 1)]], 4) == "█  █"


def test_ticks_are_round_numbers_and_moments():
    assert axis.ticks(0, 21.5, 2) == [0, 20]
    assert axis.ticks(0, 1, 5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert axis.scale(3, 3) == (0, 3)
    assert axis.scale(90, 100) == (90, 100)
    assert axis.scale(1, 100) == (0, 100)
    start = 1_795_417_200.0
    labels = axis.moments(start, start + 6 * 3600, 80)
    assert len(labels) >= 3
    assert all(text.endswith(":00") or " " in text for _, text in labels)


def test_quantiles_are_spread_within_their_bucket():
    buckets = {0.1: 50.0, 1.0: 100.0, float("inf"): 100.0}
    assert quantiles.quantile(buckets, 0.5) == pytest.approx(0.1)
    assert quantiles.quantile(buckets, 0.75) == pytest.approx(0.55)
    assert quantiles.quantile({0.1: 0.0, float("inf"): 10.0}, 0.5) == pytest.approx(0.1)


def test_the_alerts_are_printed_as_rules_for_prometheus(run: Run):
    printed = run("metrics", "rules")
    assert "- alert: 'edge-errors'" in printed.out
    groups = json.loads(run("metrics", "rules", "--json").out)["groups"]
    assert [group["name"] for group in groups] == ["portico", "portico-slo"]
