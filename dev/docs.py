"""Writes the pages that are made from the code: .venv/bin/python dev/docs.py. tests/docs hold them equal."""

from __future__ import annotations

from pathlib import Path

from portico.config import reference

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def pages() -> dict[str, str]:
    return {"configuration.md": reference.manual(), "portico.toml": reference.example()}


if __name__ == "__main__":
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
