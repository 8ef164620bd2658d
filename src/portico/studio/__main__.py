"""`python -m portico.studio`: the studio's programs, and all of Django's own.

`starter FOLDER` makes a finished studio in an empty folder; `manage` may stand before any command.
"""

from __future__ import annotations

import os
import sys

from django.core import management

from portico.studio import environment


def main(words: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.studio.settings")
    if words[:1] == ["manage"]:
        words = words[1:]
    if words[:1] == ["starter"]:
        _aim(words[1:])
    management.execute_from_command_line(["portico.studio", *words])


def _aim(words: list[str]) -> None:
    """Settings read the environment before a command reads its arguments; nobody's database is meant."""
    told = dict(zip(words[1::2], words[2::2], strict=False))
    os.environ["DATABASE_URL"] = told.get("--database", "")
    if words:
        os.environ[f"{environment.PREFIX}DATA"] = words[0]


if __name__ == "__main__":
    main(sys.argv[1:])
