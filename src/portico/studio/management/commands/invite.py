"""`python -m portico.studio invite`: the link with which a fresh studio's administrator begins."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand

from portico.studio.accounts import invitations


class Command(BaseCommand):
    help = "Print a one-time link for the first administrator; nothing once there is one."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        found = invitations.first()
        if options["json"]:
            self.stdout.write(json.dumps(found))
        elif found["url"]:
            self.stdout.write(found["url"])
