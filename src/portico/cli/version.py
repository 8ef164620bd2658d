"""The version, where `--version` finds it without reading the installed package's files."""

from __future__ import annotations

VERSION = "0.1.0"
