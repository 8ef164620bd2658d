"""`python -m portico.studio user ...`: the people of the studio."""

from __future__ import annotations

import argparse
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from portico.studio.accounts import configured, invitations, people


class Command(BaseCommand):
    help = "Add people, list them, change their role, let them begin anew, or lock them out."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        add = what.add_parser("add", help="somebody new; prints a link to choose a password")
        add.add_argument("name")
        add.add_argument("--role", choices=people.ROLES, required=True)
        add.add_argument("--email", default="")
        role = what.add_parser("role", help="give somebody another role")
        role.add_argument("name")
        role.add_argument("role", choices=people.ROLES)
        for word, told in (
            ("reset", "void password, second factor and sessions; prints a new link"),
            ("off", "lock somebody out, at once"),
            ("on", "let somebody in again"),
        ):
            what.add_parser(word, help=told).add_argument("name")
        what.add_parser("list", help="who there is")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['what']}")(options)
        except people.PersonError as why:
            raise CommandError(str(why)) from why

    def _add(self, options: dict[str, Any]) -> None:
        self._invite(people.add(options["name"], options["role"], options["email"]))

    def _role(self, options: dict[str, Any]) -> None:
        people.give(people.named(options["name"]), options["role"])

    def _reset(self, options: dict[str, Any]) -> None:
        person = people.named(options["name"])
        people.reset(person)
        self._invite(person)

    def _off(self, options: dict[str, Any]) -> None:
        self._set_active(options["name"], active=False)

    def _on(self, options: dict[str, Any]) -> None:
        self._set_active(options["name"], active=True)

    def _list(self, _: dict[str, Any]) -> None:
        for person in get_user_model().objects.order_by("username").prefetch_related("groups"):
            state = "" if person.is_active else "  (locked out)"
            self.stdout.write(f"{person.username}  {people.role_of(person)}  {person.email}{state}")

    def _set_active(self, name: str, *, active: bool) -> None:
        person = people.named(name)
        person.is_active = active
        person.save(update_fields=["is_active"])

    def _invite(self, person: Any) -> None:
        self.stdout.write(invitations.link(person))
        hours = configured.INVITED_S // 3600
        self.stderr.write(f"This link lets {person.username} choose a password, once, within {hours} hours.")
