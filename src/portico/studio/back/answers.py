"""What the private API answers: the route's word, or why there is none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

Answer = tuple[int, dict[str, Any]]
Handler = Callable[[dict[str, Any]], Answer]
Routes = Mapping[tuple[str, str], Handler]

_log = logging.getLogger(__name__)


def give(routes: Routes, asked: tuple[str, str], body: dict[str, Any]) -> Answer:
    """The boundary of the private API: what a handler doesn't catch is logged whole and told in a line."""
    handler = routes.get(asked)
    if handler is None:
        known = asked[1] in {path for _, path in routes}
        return (405, {"what": f"{asked[1]} does not take {asked[0]}"}) if known else (404, {"what": asked[1]})
    try:
        return handler(body)
    except Exception as why:  # noqa: BLE001 - the boundary
        _log.exception("%s %s failed", *asked)
        return 500, {"what": f"{type(why).__name__}: {why}", "where": asked[1]}
