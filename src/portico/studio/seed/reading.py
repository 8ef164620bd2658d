"""The sample's words: TOML files by language. German ones hold what differs from the English."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_CONTENT = Path(__file__).parent / "content"


def shared(name: str) -> dict[str, Any]:
    return tomllib.loads((_CONTENT / f"{name}.toml").read_text("utf-8"))


def words(language: str, name: str) -> dict[str, Any] | None:
    """Of a page; None when it isn't translated."""
    first = shared(f"en/{name}")
    if language == "en":
        return first
    if not (_CONTENT / language / f"{name}.toml").exists():
        return None
    return first | shared(f"{language}/{name}")


def entries(language: str, name: str) -> dict[str, dict[str, Any]]:
    """Of a file that holds several things by name, such as people."""
    first = shared(f"en/{name}")
    here = first if language == "en" else shared(f"{language}/{name}")
    return {key: entry | here.get(key, {}) for key, entry in first.items()}
