"""`python -m portico.studio serve`: the studio, until it is told to end."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portico.studio.serving import sockets, start


class Command(BaseCommand):
    help = "Serve the studio to editors, and its private API to Portico."
    requires_system_checks: list[str] = []  # the deployment's checks are run by the tests

    def handle(self, *_: Any, **__: Any) -> None:
        try:
            sys.exit(start.serve())
        except sockets.BusyError as why:
            raise CommandError(str(why), returncode=5) from why
