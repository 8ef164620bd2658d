"""While a page is frozen, what would differ the next time refuses to answer: the clock, chance, tokens.

Only the thread that renders is refused; whoever else works in this process meanwhile is served as ever.
"""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.template import context_processors, defaulttags
from django.utils import timezone

from portico.studio.freezing.refused import RefusedError
from portico.studio.freezing.rendering import place

_here = threading.local()

_CLOCK = "a page must not depend on when it is frozen: keep the date in the content, or let a script show it"
_CHANCE = "a page must be the same each time it is frozen: choose in the content, or let a script choose"
_TOKEN = (
    "no visitor's request reaches the studio, so that forms take no token: let the form post to /-/intake/"  # noqa: S105 - a hint
)

_DICE = ("choice", "choices", "randint", "random", "sample", "shuffle")

_REFUSED: tuple[tuple[Any, str, str, str], ...] = (
    (timezone, "now", "asks for the time", _CLOCK),
    (defaulttags.NowNode, "render", "shows the time ({% now %})", _CLOCK),
    (context_processors, "get_token", "holds a token against forgery ({% csrf_token %})", _TOKEN),
    *((random, name, f"asks chance (random.{name})", _CHANCE) for name in _DICE),
    (uuid, "uuid4", "asks chance (uuid4)", _CHANCE),
)


@contextmanager
def clockless() -> Iterator[None]:
    _install()
    _here.freezing = True
    try:
        yield
    finally:
        _here.freezing = False


_lock = threading.Lock()
_installed: set[tuple[int, str]] = set()


def _install() -> None:
    with _lock:
        for owner, name, what, hint in _REFUSED:
            if (id(owner), name) not in _installed:
                setattr(owner, name, _refusing(getattr(owner, name), what, hint))
                _installed.add((id(owner), name))


def _refusing(function: Callable, what: str, hint: str) -> Callable:
    def refused(*args: Any, **named: Any) -> Any:
        if getattr(_here, "freezing", False):
            raise RefusedError(what, place.now(), hint)
        return function(*args, **named)

    return refused
