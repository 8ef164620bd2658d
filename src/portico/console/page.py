"""What a page and a button of the console are. A variant is a module in `pages`, and its row in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.requests import Request

from portico.console.desk import Desk
from portico.operators.operator import Operator, Role

Told = Mapping[str, Any]
"""What a template is told."""

DIGITS = 18
"""So long a number may be: SQLite keeps it, and it is read at once."""


class Number(IntegerConvertor):
    """`{id:number}`: what is longer is no address of ours."""

    regex = f"[0-9]{{1,{DIGITS}}}"


register_url_convertor("number", Number())


@dataclass(frozen=True, slots=True)
class Page:
    """Whoever is signed in and has the role may look; looking writes nothing.

    `path` may hold parameters as `{id:number}`. `template` extends `base.html`. Each name in `live` is a
    template beside it, `FOLDER/NAME.html`, of one element with the id NAME: these are made again every
    `every_s` seconds while somebody looks on, and those that changed are sent. `look` raises PorticoError.
    """

    name: str
    path: str
    title: str
    template: str
    look: Callable[[Desk, Request], Told]
    live: Sequence[str] = ()
    every_s: float = 1.0
    menu: str = ""
    role: Role = Role.VIEWER


@dataclass(frozen=True, slots=True)
class Done:
    """Where the browser goes after a button, and what is said there."""

    to: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A POST. `press` writes an order, or another word of a person, and tells where to go on.

    The form's fields are texts; the token against forgery was looked at before. Raises PorticoError: the
    page of before is shown again with the reason. Who presses a `dangerous` one proves anew who they are,
    unless they did lately.
    """

    path: str
    role: Role
    press: Callable[[Desk, Operator, Request, FormData], Done]
    dangerous: bool = False
