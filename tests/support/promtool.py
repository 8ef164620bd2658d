"""Debian's promtool: whether rules are right, and what they say about given series."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

needed = pytest.mark.skipif(not shutil.which("promtool"), reason="promtool isn't installed")

EVERY_S = 5
ENDED = float("nan")
"""In place of a value: the series ends here."""


def check(file: Path) -> str:
    """What it prints; fails where the rules are wrong."""
    done = subprocess.run(
        ["promtool", "check", "rules", "--lint=all", "--lint-fatal", file],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def told(series: Mapping[str, Sequence[float]], query: str, at_s: float, expected: Any) -> dict[str, Any]:
    """A test: with a value every five seconds, the query's answer at a moment; labels -> value."""
    return {
        "interval": f"{EVERY_S}s",
        "input_series": [
            {
                "series": key,
                "values": " ".join("stale" if value is ENDED else repr(value) for value in values),
            }
            for key, values in series.items()
        ],
        "promql_expr_test": [
            {
                "expr": query,
                "eval_time": f"{at_s:.0f}s",
                "exp_samples": [{"labels": labels, "value": value} for labels, value in expected.items()],
            }
        ],
    }


def run(folder: Path, name: str, rules: Mapping[str, Any], tests: Sequence[Mapping[str, Any]]) -> str:
    """Nothing, or what is otherwise than expected. YAML reads JSON."""
    (folder / f"{name}.rules.json").write_text(json.dumps(rules))
    file = folder / f"{name}.test.json"
    file.write_text(
        json.dumps(
            {
                "rule_files": [f"{name}.rules.json"],
                "evaluation_interval": f"{EVERY_S}s",
                "tests": list(tests),
            }
        )
    )
    done = subprocess.run(
        ["promtool", "test", "rules", file], capture_output=True, text=True, check=False, timeout=100
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr
