from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.cli import main, screen
from portico.config.home import Home
from portico.ledger.ledger import Ledger
from support.commands import Ran, Run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The CLI in this process, from an empty folder, for what touches neither signals nor processes."""
    monkeypatch.chdir(tmp_path)
    for name in ("PORTICO_HOME", "PORTICO_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    screen.out.cache_clear()
    screen.err.cache_clear()

    def run_it(*args: str) -> Ran:
        capsys.readouterr()
        code = main.main([str(arg) for arg in args])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run_it


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The home that `run` takes when it isn't told another."""
    return Home(tmp_path / ".portico").create()


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = Ledger(home.ledger)
    yield opened
    opened.close()
