"""Numbers as each language writes them."""

from __future__ import annotations

_BETWEEN = {"de": "."}


def grouped(amount: int, language: str) -> str:
    return f"{amount:,}".replace(",", _BETWEEN.get(language, ","))
