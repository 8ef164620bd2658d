"""POST /freeze of the private API: brings what is frozen to the newest revision, and says what changed."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError

from portico.studio.editing import revision
from portico.studio.editing import wishes as publishers
from portico.studio.freezing import freeze, log
from portico.studio.freezing.refused import RefusedError


def answer(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """`after` is the last revision that was taken over, or null; `sweep` asks every query again."""
    after = body.get("after")
    wishes = {"wishes": publishers.open_ones()}
    try:
        done = freeze.run(int(after) if after is not None else None, sweep=bool(body.get("sweep")))
    except RefusedError as why:
        return 422, {"what": why.what, "where": why.where, "hint": why.hint} | _whose() | wishes
    except OperationalError as why:
        return 503, {"what": f"the database can't be read: {why}"}
    return 200, done | wishes


def _whose() -> dict[str, Any]:
    """Who waits for the change that can't be frozen, and for which one."""
    newest = log.newest()
    return {"revision": revision.number(), "by": newest.by, "at": newest.at}
