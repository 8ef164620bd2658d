"""What a bench of an hour has measured is there when it is asked for the rest."""

import json
import runpy
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def page(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    return runpy.run_path(str(BENCH / "page.py"))


def _row(path, runs=1):
    return {"path": path, "size": "phone", "runs": runs, "scores": [100] * 4, "figures": ["1"] * 4}


def test_an_interrupted_run_goes_on_with_what_it_had(page, tmp_path):
    file = tmp_path / "kept.jsonl"
    file.write_text(page["line"](_row("/")) + page["line"](_row("/de/")) + '{"path": "/ab')
    assert list(page["kept"](file, 1)) == [("/", "phone"), ("/de/", "phone")]


def test_what_was_measured_less_carefully_is_measured_again(page, tmp_path):
    file = tmp_path / "kept.jsonl"
    file.write_text(page["line"](_row("/", runs=1)) + page["line"](_row("/de/", runs=3)))
    assert list(page["kept"](file, 3)) == [("/de/", "phone")]
    assert page["kept"](tmp_path / "none", 3) == {}


def test_all_page_types_are_measured_in_both_languages(page):
    asked = type("Asked", (), {"only": [], "language": None})
    types = json.loads(page["PAGES"].read_text())
    assert len(list(page["chosen"](asked))) == 2 * (len(types) - 1) == 32
