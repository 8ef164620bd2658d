"""A whole stack for a bench, started and ended by the command line as anybody would."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portico.config import load
from portico.config.load import Config

MANUAL = Path("/usr/share/doc/postgresql-doc-15/html")
PAGES = 1000


@contextlib.contextmanager
def running(toml: str = "") -> Iterator[Config]:
    """Serve the PostgreSQL manual, or as many made pages where it isn't installed; `toml` adds settings."""
    with prepared(toml=toml) as config:
        try:
            portico(config, "up", "--detach")
            yield config
        finally:
            portico(config, "down")


@contextlib.contextmanager
def prepared(*, site: bool = True, source: str = "", toml: str = "") -> Iterator[Config]:
    """Settings for a stack with free ports and a home of its own, both gone afterwards.

    Without `site` it serves the built-in starter page; `source` names another one.
    """
    with tempfile.TemporaryDirectory(prefix="portico-bench-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        settings = root / "portico.toml"
        source = source or (f'folder = "{folder_of(root)}"\n' if site else 'kind = "folder"\n')
        ports = "[edge]\nhttps_port = 0\nhttp_port = 0\n"
        settings.write_text(f"[source]\n{source}{ports}{toml}", encoding="utf-8")
        yield load.load(settings, root / "home", cwd=root)


def folder_of(root: Path) -> Path:
    if MANUAL.is_dir():
        return MANUAL
    made = root / "site"
    made.mkdir()
    for number in range(PAGES):
        name = "index" if number == 0 else f"page-{number}"
        (made / f"{name}.html").write_text(f"<!doctype html><title>{number}</title>" + f"<p>{number}" * 2000)
    return made


def command(config: Config, *args: str) -> list[str]:
    place = ["--config", str(config.file), "--home", str(config.home.root)]
    return [sys.executable, "-m", "portico.cli", *place, *args]


def portico(config: Config, *args: str) -> None:
    done = subprocess.run(command(config, *args), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"portico {' '.join(args)}: {done.stdout}{done.stderr}")
