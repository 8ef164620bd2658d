"""Studios for tests: migrated and seeded once for each state of the studio's code, and copied from then on.

They are kept in .venv/studios, as migrating takes ten seconds; whoever comes second waits for the first one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from support import postgres

ROOT = Path(__file__).resolve().parents[2]
STUDIO = ROOT / "src" / "portico" / "studio"
KEPT = ROOT / ".venv" / "studios"
SEEDED = "seeded"
SEEDING = (
    *(
        "models/**/*.py",
        "migrations/*.py",
        "blocks/**/*.py",
        "seed/**/*.py",
        "seed/**/*.toml",
        "pictures/*.py",
    ),
    *("editing/roles.py", "freezing/triggers/**/*.py", "freezing/visible.py", "starter.py"),
)
"""What decides about the tables, what is in them when a studio is fresh, and its pictures."""

OTHERS = """
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] != "studio"])
"""
"""Everybody's migrations but ours: they change with the locks only, and take nearly all of the time."""

FREEZE = """
import django
django.setup()
from portico.studio.freezing import starter
starter.freeze()
"""


def sqlite() -> Path:
    """A folder with studio.db, media and so on. Copy it; never write to it."""
    return _built("sqlite", _migrate_others, _seeded)


def frozen() -> Path:
    """As `sqlite`, and frozen for `https://localhost:8443/`: at another address all is frozen anew."""
    base = sqlite()
    return _kept("frozen", _frozen_key(), lambda draft: _freeze(base, draft))


def postgresql() -> Path:
    """A folder with `pg`, the data of a server whose database `seeded` is to be copied, media and so on."""
    return _built("postgresql", _postgresql_others, _postgresql_seeded)


def place(template: Path, folder: Path) -> None:
    """Copy a studio's folder. Pictures never change once written: they are linked."""
    shutil.copytree(
        template, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("pg"), copy_function=_copy
    )


def _copy(source: str, target: str) -> None:
    if f"{os.sep}media{os.sep}" in source:
        os.link(source, target)
    else:
        shutil.copyfile(source, target)


def environment(data: Path, database: str = "") -> dict[str, str]:
    """For a program of the studio that works on the folder `data`."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("PORTICO_STUDIO_")}
    told |= {
        "PORTICO_STUDIO_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "portico.studio.settings",
        "DATABASE_URL": database,
    }
    return told


def run(data: Path, *words: str, database: str = "", told: Mapping[str, str] | None = None) -> str:
    """What a program of the studio says, with `told` in its environment; its complaint is raised."""
    command = [sys.executable, "-m", "portico.studio", *words]
    return _call(command, environment(data, database) | dict(told or {}))


def _built(kind: str, others: Callable[[Path], None], seeded: Callable[[Path, Path], None]) -> Path:
    key = _others_key()
    base = _kept(f"{kind}-others", key, others)
    return _kept(kind, _seeded_key(key), lambda draft: seeded(base, draft))


def _kept(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _once(KEPT / f"{kind}-{key}", make)


def _once(folder: Path, make: Callable[[Path], None]) -> Path:
    if folder.exists():
        os.utime(folder)
        return folder
    draft = folder.with_name("draft")
    shutil.rmtree(draft, ignore_errors=True)
    make(draft)
    draft.rename(folder)
    _forget(folder.name.rsplit("-", 1)[0])
    return folder


def _forget(kind: str) -> None:
    """Tests that run now may still copy from the last few."""

    def made(folder: Path) -> float:
        return folder.stat().st_mtime

    alike = [folder for folder in KEPT.glob(f"{kind}-*") if folder.name.rsplit("-", 1)[0] == kind]
    for old in sorted(alike, key=made)[:-6]:
        shutil.rmtree(old, ignore_errors=True)


def _migrate_others(draft: Path, database: str = "") -> None:
    draft.mkdir(exist_ok=True)
    _call([sys.executable, "-c", OTHERS], environment(draft, database))


def _seeded(base: Path, draft: Path) -> None:
    shutil.copytree(base, draft)
    run(draft, "starter", str(draft), "--until", "seeded")
    _draw(draft)


def _draw(draft: Path, database: str = "") -> None:
    script = Path(__file__).with_name("drawnpictures.py")
    _call([sys.executable, script, KEPT / "pictures"], environment(draft, database))
    (draft / "secret.key").unlink()


def _freeze(base: Path, draft: Path) -> None:
    place(base, draft)
    _call([sys.executable, "-c", FREEZE], environment(draft))
    (draft / "secret.key").unlink(missing_ok=True)


def _postgresql_others(draft: Path) -> None:
    draft.mkdir()
    with postgres.running(keep=draft / "pg") as server:
        make = [postgres.program("createdb"), "--maintenance-db", server.url("postgres"), SEEDED]
        _call(make, dict(os.environ))
        _migrate_others(draft, server.url(SEEDED))


def _postgresql_seeded(base: Path, draft: Path) -> None:
    draft.mkdir()
    with postgres.running(base / "pg", keep=draft / "pg") as server:
        url = server.url(SEEDED)
        run(draft, "starter", str(draft), "--until", "seeded", "--database", url)
        _draw(draft, url)


def _call(command: Sequence[str | Path], told: dict[str, str]) -> str:
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: {(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def _others_key() -> str:
    """What others' migrations depend on: who they are, and in which version."""
    settings = (STUDIO / "settings.py").read_text()
    apps = settings[settings.index("INSTALLED_APPS") : settings.index("MIDDLEWARE")]
    return _digest([(ROOT / "requirements" / "run.lock").read_bytes(), apps.encode()])


def _seeded_key(others: str) -> str:
    return _digest([others.encode(), *_texts(path for name in SEEDING for path in STUDIO.glob(name))])


def _frozen_key() -> str:
    everything = (path for path in STUDIO.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return _digest([(ROOT / "requirements" / "run.lock").read_bytes(), *_texts(everything)])


def _texts(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in sorted(paths):
        yield str(path.relative_to(STUDIO)).encode()
        yield path.read_bytes()


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()[:12]
