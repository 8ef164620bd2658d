"""What nobody expected: the whole of it goes to a file, one line to the person."""

from __future__ import annotations

import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from portico.cli import place
from portico.cli.version import VERSION
from portico.kit.errors import PorticoError


def record(error: Exception, args: Sequence[str]) -> PorticoError:
    """Write the details down; returns the line to show."""
    what = f"unexpected {type(error).__name__}: {error}".splitlines()[0]
    try:
        file = _write(error, args)
    except OSError:
        return PorticoError(
            what, hint="the details could not be written; run it again with PYTHONFAULTHANDLER=1"
        )
    return PorticoError(what, hint=f"this is a defect of Portico; the details are in {file}")


def _write(error: Exception, args: Sequence[str]) -> Path:
    logs = place.last_logs()
    folder = logs if logs and logs.is_dir() else Path(tempfile.gettempdir())
    file = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000:06}.log"
    machine = f"Python {sys.version.split()[0]}, {platform.platform()}"
    head = f"portico {VERSION}, {machine}\nportico {' '.join(args)}\n\n"
    file.write_text(head + "".join(traceback.format_exception(error)), encoding="utf-8")
    return file
