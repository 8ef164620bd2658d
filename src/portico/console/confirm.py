"""Holds a dangerous button to the name that was written: the page asks for it, the server looks again."""

from __future__ import annotations

from starlette.datastructures import FormData

from portico.kit.errors import PorticoError

FIELD = "_named"


def named(fields: FormData, name: str) -> None:
    """Raises PorticoError where another name was written, or none."""
    written = str(fields.get(FIELD, "")).strip()
    if written != name:
        raise PorticoError(
            f"expected the name {name!r} to be written, got {written!r}", hint="nothing was done"
        )
