"""Whether a person meant it: what was promised still holds, and the name was typed. Pure."""

from __future__ import annotations

from starlette.datastructures import FormData

from portico.console import confirm
from portico.keeper.deeds import Deed
from portico.kit.errors import PorticoError

WORDS = "_will"
"""The form's field with what the page said that would happen."""


def check(deed: Deed, fields: FormData) -> None:
    """Raises PorticoError, and nothing is done."""
    if deed.against:
        raise PorticoError(deed.against, hint="nothing was done")
    if fields.get(WORDS) != deed.words:
        hint = "nothing was done; look again, and press again"
        raise PorticoError(f"things changed meanwhile, now it would be: {deed.words}", hint=hint)
    if deed.name:
        confirm.named(fields, deed.name)
