"""Writes the pages that are made from the code: .venv/bin/python dev/docs.py. tests/docs hold them equal."""

from __future__ import annotations

from pathlib import Path

from portico.config import reference
from portico.watch import registry

DOCS = Path(__file__).resolve().parent.parent / "docs"


def pages() -> dict[str, str]:
    """By their place in docs."""
    return {
        "reference/configuration.md": reference.manual(),
        "reference/portico.toml": reference.example(),
        "metrics.md": registry.manual(),
    }


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
