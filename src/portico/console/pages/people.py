"""Who may look and order, as `portico user` tells and changes it: for admins, each change in the ledger."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from portico.config import console
from portico.console import confirm, orders
from portico.console.desk import Desk
from portico.console.page import Button, Done, Page, Told
from portico.kit.errors import PorticoError
from portico.operators import accounts, guessing, managing, sessions
from portico.operators.accounts import Account
from portico.operators.book import Book
from portico.operators.operator import Operator, Role

HERE = "/people"
LINK_S = 600.0
"""So long a link that was made is shown to whoever made it; in no cookie and no file."""

YOURSELF = "Nobody does that to themselves here: another admin does, or portico user."


@dataclass(frozen=True, slots=True)
class Links:
    """Links that were just made, by who made them and for whom."""

    _made: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)

    def keep(self, by: str, name: str, link: str) -> None:
        now = time.monotonic()
        for key in [key for key, (until, _) in list(self._made.items()) if until <= now]:
            self._made.pop(key, None)
        self._made[by, name] = (now + LINK_S, link)

    def of(self, name: str) -> dict[str, str]:
        """By who made them."""
        now = time.monotonic()
        found = list(self._made.items())
        return {by: link for (by, whom), (until, link) in found if whom == name and until > now}

    def drop(self, name: str) -> None:
        for key in [key for key in list(self._made) if key[1] == name]:
            self._made.pop(key, None)


@dataclass(frozen=True, slots=True)
class People:
    """Kept at the desk: the open book, and links that wait to be handed on."""

    book: Book
    links: Links = field(default_factory=Links)


_OPENING = threading.Lock()


def people(desk: Desk) -> People:
    with _OPENING:
        if HERE not in desk.kept:
            desk.kept[HERE] = People(Book(desk.home.operators, desk.ledger))
        found: People = desk.kept[HERE]
        return found


def look(desk: Desk, _request: Request) -> Told:
    every = accounts.everybody(people(desk).book)
    return {
        "people": [(one, managing.ways(one, desk.now)) for one in every],
        "roles": accounts.ROLES,
        "company": desk.settings.console.oidc_name if desk.settings.console.oidc_issuer else "",
    }


def look_at_one(desk: Desk, request: Request) -> Told:
    known = people(desk)
    one = accounts.get(known.book, request.path_params["name"])
    return {
        "one": one,
        "ways": managing.ways(one, desk.now),
        "roles": accounts.ROLES,
        "sessions": len(sessions.of(known.book, one.name)),
        "links": known.links.of(one.name) if (one.invited_until or 0) > desk.now else {},
    }


def press_add(desk: Desk, operator: Operator, _request: Request, form: FormData) -> Done:
    name, role = str(form.get("name", "")).strip(), _role(form)
    token = managing.add(people(desk).book, name, role, by=orders.signature(operator))
    return _linked(desk, operator, name, token, f"{name} is added, as {role.word}.")


def press_role(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    one, role = _other(desk, operator, request), _role(form)
    if one.subject is not None:
        raise PorticoError(f"{one.name} has the role of their groups at the company's provider")
    accounts.give_role(people(desk).book, one.name, role, by=orders.signature(operator))
    return Done(f"{HERE}/{one.name}", f"{one.name} was {one.role.word}, and is {role.word} from now on.")


def press_invite(desk: Desk, operator: Operator, request: Request, _form: FormData) -> Done:
    one = _other(desk, operator, request)
    token = managing.invite(people(desk).book, one.name, by=orders.signature(operator))
    return _linked(desk, operator, one.name, token, "A new link; the one of before is void.")


def press_reset(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    one = _other(desk, operator, request)
    confirm.named(form, one.name)
    token = managing.reset(people(desk).book, one.name, by=orders.signature(operator))
    return _linked(desk, operator, one.name, token, f"{one.name} is out, and begins anew by a link.")


def press_sign_out(desk: Desk, operator: Operator, request: Request, _form: FormData) -> Done:
    one = _known(desk, request)
    ended = sessions.end_all(people(desk).book, one.name, by=orders.signature(operator))
    return Done(f"{HERE}/{one.name}", f"{one.name} is signed out everywhere ({ended}).")


def press_unlock(desk: Desk, operator: Operator, request: Request, _form: FormData) -> Done:
    one = _known(desk, request)
    guessing.forgive(people(desk).book, one.name, by=orders.signature(operator))
    return Done(f"{HERE}/{one.name}", f"{one.name} may try again at once.")


def press_remove(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    one = _other(desk, operator, request)
    confirm.named(form, one.name)
    accounts.remove(people(desk).book, one.name, by=orders.signature(operator))
    people(desk).links.drop(one.name)
    return Done(HERE, f"{one.name} may no longer. What they ordered stays in the ledger under that name.")


def _known(desk: Desk, request: Request) -> Account:
    return accounts.get(people(desk).book, request.path_params["name"])


def _other(desk: Desk, operator: Operator, request: Request) -> Account:
    one = _known(desk, request)
    if one.name == operator.name:
        raise PorticoError(YOURSELF)
    return one


def _role(form: FormData) -> Role:
    word: Any = form.get("role", "")
    if word not in accounts.ROLES:
        raise PorticoError(f"expected a role, one of {', '.join(accounts.ROLES)}, got {word!r}")
    return Role.of(word)


def _linked(desk: Desk, operator: Operator, name: str, token: str, said: str) -> Done:
    """The link is shown on the person's page, to who made it."""
    address = console.address(desk.home, desk.settings.console)
    people(desk).links.keep(operator.name, name, f"{address}invitation/{token}")
    return Done(f"{HERE}/{name}", said)


PAGES = (
    Page("people", HERE, "People", "people/page.html", look, menu="People", role=Role.ADMIN),
    Page("person", f"{HERE}/{{name}}", "Person", "people/one.html", look_at_one, role=Role.ADMIN),
)
_ONE = f"{HERE}/{{name}}"
BUTTONS = (
    Button(f"{HERE}/add", Role.ADMIN, press_add, dangerous=True),
    Button(f"{_ONE}/role", Role.ADMIN, press_role, dangerous=True),
    Button(f"{_ONE}/invite", Role.ADMIN, press_invite, dangerous=True),
    Button(f"{_ONE}/reset", Role.ADMIN, press_reset, dangerous=True),
    Button(f"{_ONE}/sign-out", Role.ADMIN, press_sign_out, dangerous=True),
    Button(f"{_ONE}/unlock", Role.ADMIN, press_unlock, dangerous=True),
    Button(f"{_ONE}/remove", Role.ADMIN, press_remove, dangerous=True),
)
