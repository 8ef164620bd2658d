"""`python -m portico.studio queries`: how many queries each frozen page took, most first."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portico.studio.freezing import memory


class Command(BaseCommand):
    help = "Show how many queries each frozen page took, most first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=30, help="so many lines")

    def handle(self, *_: Any, **options: Any) -> None:
        found = memory.outputs(settings.HERE.data / "frozen")
        for path, kind, queries in found[: options["most"]]:
            self.stdout.write(f"{queries:5}  {kind:9}  {path or '(the set of URLs)'}")
