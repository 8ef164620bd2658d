"""Sends a browser on its way in a process of its own, and ends that process with all it started."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from portico.watch.journey.plan import Plan, Result, Step, Walked

_ALONE_S = 10
"""A journey that lost its guide ends itself so much later."""
LAST_WORDS_S = 5.0


class Guide:
    """One journey at a time. `end` may be called from another thread."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None

    def walk(self, plan: Plan, timeout_s: float) -> Walked:
        """Never raises for what the browser does."""
        with tempfile.TemporaryDirectory(prefix="portico-journey-") as folder:
            command = [sys.executable, "-m", "portico.watch.journey", str(round(timeout_s) + _ALONE_S)]
            with subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=folder,
                env={**_told_on(), "TMPDIR": folder, "HOME": folder},
                start_new_session=True,
            ) as child:
                self._child = child
                try:
                    told, _ = child.communicate(json.dumps(asdict(plan)), timeout_s)
                except subprocess.TimeoutExpired:
                    self.end()
                    told = _rest(child)
                    return understood(told.splitlines(), f"not over within {timeout_s:.0f} s")
                finally:
                    self.end()
        return understood(told.splitlines(), f"the browser's process ended with {child.returncode}")

    def end(self) -> None:
        """The browser is in a session of its own, so its whole family is ended, not a group."""
        child = self._child
        if child is None or child.returncode is not None:
            return  # its number may be another process' by now
        with contextlib.suppress(psutil.Error):
            family = psutil.Process(child.pid).children(recursive=True)
            for one in [*family, psutil.Process(child.pid)]:
                with contextlib.suppress(psutil.Error):
                    one.kill()
            psutil.wait_procs(family, timeout=2)


def _rest(child: subprocess.Popen[str]) -> str:
    """What it said before it was ended; a descendant that holds the pipe open is not waited for."""
    try:
        return child.communicate(timeout=LAST_WORDS_S)[0]
    except subprocess.TimeoutExpired:
        return ""


def _told_on() -> dict[str, str]:
    """A browser needs none of the watcher's secrets."""
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}


def understood(lines: Iterable[str], interrupted: str) -> Walked:
    """What a journey told; a step that began and wasn't over failed, as `interrupted` says."""
    steps: list[Step] = []
    begun = ""
    for line in lines:
        told = _read(line)
        if "skipped" in told:
            return Walked(tuple(steps), str(told["skipped"]))
        if "begin" in told:
            begun = str(told["begin"])
        if "step" in told:
            steps.append(Step(**{**told["step"], "result": Result(told["step"]["result"])}))
            begun = ""
    if begun:
        steps.append(Step(begun, Result.FAILED, why=interrupted))
    return Walked(tuple(steps), "" if steps else f"no journey: {interrupted}")


def _read(line: str) -> dict[str, Any]:
    """A line that was cut by the process's end says nothing."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def pictures(folder: Path) -> list[Path]:
    """The newest first."""
    return sorted(folder.glob("*.jpg"), reverse=True)


def forget(folder: Path, keep: int) -> None:
    for old in pictures(folder)[keep:]:
        old.unlink(missing_ok=True)
