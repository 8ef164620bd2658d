"""The finished studio that a fresh home begins with: made once per checkout, and copied from then on.

`python -m portico.studio starter FOLDER` runs these steps; migrating alone takes ten seconds and more.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterable

from django.core import management

Step = Callable[[], None]


def migrate() -> None:
    management.call_command("migrate", interactive=False, verbosity=0)


def seed() -> None:
    _call("portico.studio.seed.begin", "run")


def renditions() -> None:
    _call("portico.studio.pictures.ahead", "complete")


def freeze() -> None:
    _call("portico.studio.freezing.starter", "freeze")


STEPS: dict[str, Step] = {
    "migrated": migrate,
    "seeded": seed,
    "pictures made": renditions,
    "frozen": freeze,
}


def make(until: str) -> Iterable[str]:
    """Run the steps up to and with `until`; yields the name of each one that is done."""
    for name, step in STEPS.items():
        step()
        yield name
        if name == until:
            return


def _call(module: str, function: str) -> None:
    with contextlib.suppress(ModuleNotFoundError):
        step = getattr(importlib.import_module(module), function, None)
        if step is not None:
            step()
