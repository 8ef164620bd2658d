"""`python -m portico.studio`: the studio's programs. `manage` is Django's own."""

from __future__ import annotations

import os
import sys

from django.core import management


def main(words: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.studio.settings")
    if words[:1] == ["manage"]:
        words = words[1:]
    management.execute_from_command_line(["portico.studio", *words])


if __name__ == "__main__":
    main(sys.argv[1:])
