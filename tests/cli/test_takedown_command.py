"""`portico takedown` on a running stack."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import stack as stacks
from support.stack import Stack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<title>One</title><h1>one</h1>")
    (folder / "secret.html").write_text("<title>Secret</title><h1>secret</h1>")
    (folder / "secret.3f2a9c1b.css").write_text("h1 { color: red }")
    return folder


@pytest.fixture(scope="module")
def stack(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stacks.running_stack(folder, tmp_path_factory.mktemp("stack")) as running:
        yield running


def test_what_is_unpublished_and_taken_down_comes_back_by_no_rollback(stack: Stack, folder: Path):
    assert stack.get("/secret").status == 200
    first = stack.status()["snapshot"]
    held = stack.home.store("b")
    shutil.copytree(held, stack.home.root / "away")

    refused = stack.cli("takedown", "/secret")
    assert refused.returncode == 1
    assert "visitors get /secret now" in refused.stderr

    (folder / "index.html").write_text("<title>Two</title><h1>two</h1>")
    (folder / "secret.html").unlink()
    (folder / "secret.3f2a9c1b.css").unlink()
    assert stack.cli("publish").returncode == 0
    assert stack.get("/secret").status == 404
    assert stack.get("/secret.3f2a9c1b.css").status == 200, "assets of earlier snapshots resolve"

    shown = json.loads(stack.cli("takedown", "--dry-run", "--json", "/secret").stdout)
    assert shown == {"snapshots": [first], "live": False}
    told = stack.cli("takedown", "/secret", "/secret.3f2a9c1b.css")
    assert told.returncode == 0, told.stderr
    assert [line.split()[0] for line in told.stdout.splitlines()[:5]] == [
        "a",
        "b",
        "mirror",
        "origin",
        "edge",
    ]
    assert stack.get("/secret.3f2a9c1b.css").status == 404

    assert stack.cli("rollback").returncode == 0
    assert stack.status()["snapshot"] != first
    assert b"one" in stack.get("/").body
    assert stack.get("/secret").status == 404
    asked = stack.cli("rollback", first)
    assert asked.returncode == 2, "the snapshot that held it is known by nobody"


def test_a_store_that_comes_back_is_cleansed(stack: Stack):
    away = stack.home.root / "away"
    for file in away.rglob("*.json"):
        for copied in (file, file.with_suffix(".sig")):
            shutil.copy(copied, stack.home.store("b") / "snapshots" / copied.name)
    stacks.until(
        lambda: (
            not {file.name for file in away.rglob("*.json")}
            & {file.name for file in (stack.home.store("b") / "snapshots").glob("*.json")}
        ),
        what="the store lets go of what was taken down",
    )
