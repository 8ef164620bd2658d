"""Renders one page of each kind in another process, at another time, with other chance; compares the bytes.

What the lint can't refuse is found so: `datetime.now()` called directly, the order of a set. Run as a program
it is that other process: it reads paths, and tells the digests of what it rendered.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

LATER = 400 * 86_400.0 + 12_345.0
"""Seconds: another year, weekday and hour."""
_ONE_OF_EACH = "SELECT min(outputs.path) FROM outputs JOIN items USING(path) GROUP BY kind, model, rest = ''"


def check(frozen: Path) -> None:
    """Raises RefusedError with the page whose bytes depend on more than the database."""
    from portico.studio.freezing.refused import RefusedError  # noqa: PLC0415 - the program shifts the clock first

    with closing(sqlite3.connect(frozen / "frozen.db")) as store:
        paths = [path for (path,) in store.execute(_ONE_OF_EACH)]
        expected = dict(store.execute("SELECT path, digest FROM items"))
    again = subprocess.run(
        [sys.executable, "-m", "portico.studio.freezing.twin"],
        input=json.dumps(paths),
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    for path, digest in json.loads(again.stdout).items():
        if digest != expected[path]:
            raise RefusedError(
                f"{path} is another page at another time",
                path,
                "look for clocks, chance, and sets without an order",
            )


class _Later(type):
    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, _DATETIME)


_DATETIME = dt.datetime


class _LaterDatetime(_DATETIME, metaclass=_Later):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        return _DATETIME.now(tz) + dt.timedelta(seconds=LATER)

    @classmethod
    def today(cls) -> Any:
        return cls.now()


def main() -> None:
    real = time.time
    time.time = lambda: real() + LATER
    dt.datetime = _LaterDatetime  # type: ignore[misc]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.studio.settings")
    import django  # noqa: PLC0415 - everything that Django loads shall see the shifted clock

    django.setup()
    from portico.studio.freezing import bodies, consistent, targets  # noqa: PLC0415 - see above
    from portico.studio.freezing.rendering import render  # noqa: PLC0415 - see above

    with consistent.reading(), render.public():
        wanted = targets.wanted()
        made = {path: render.render(wanted[path]).body for path in json.load(sys.stdin) if path in wanted}
    json.dump({path: bodies.digest(body) for path, body in made.items()}, sys.stdout)


if __name__ == "__main__":
    main()
