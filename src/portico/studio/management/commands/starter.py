"""`python -m portico.studio starter FOLDER`: a finished studio in a folder."""

from __future__ import annotations

import argparse
import shutil
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portico.studio import starter


class Command(BaseCommand):
    help = "Make a finished studio in FOLDER: migrated, with the sample company's pages, pictures and all."
    requires_system_checks: list[str] = []  # there is no database to check yet

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder")
        parser.add_argument("--until", choices=list(starter.STEPS), default=list(starter.STEPS)[-1])

        parser.add_argument("--database", help="a URL, where it isn't to be an SQLite file in FOLDER")

    def handle(self, *_: Any, **options: Any) -> None:
        begun = time.monotonic()
        for name in starter.make(options["until"]):
            self.stdout.write(f"{name} after {time.monotonic() - begun:.1f} s")
        (settings.HERE.data / "secret.key").unlink()  # each copy makes its own
        shutil.rmtree(settings.HERE.data / "cache", ignore_errors=True)
