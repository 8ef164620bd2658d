"""Names that a form's own parts take, so that no field of an editor's may."""

from __future__ import annotations

TOLD = ("thanks", "problem")

PROBE = "portico-probe"
"""The form that the watcher posts to: it has no page, and nothing is kept of what comes by it."""

DRILL = "portico-drill"
"""The form of `portico drill intake`: it has no page either, and its entries are counted, then deleted."""

HONEY = "website"
RESERVED = frozenset({HONEY})


def usable(name: str) -> str:
    """A field's name that can't be taken for one of the form's own, which begin with an underscore."""
    name = name.lstrip("_") or "field"
    return f"{name}_field" if name in RESERVED else name
