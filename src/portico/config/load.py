"""From a file to settings, or to one clear line about why not."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from portico.config.home import Home
from portico.config.models import Settings
from portico.kit.errors import ConfigError

FILE = "portico.toml"
FOLDER = ".portico"


@dataclass(frozen=True, slots=True)
class Config:
    """`file` is where the settings came from, or None for the built-in ones; paths in them are absolute."""

    settings: Settings
    home: Home
    file: Path | None


def load(file: Path | None, home: Path | None, *, cwd: Path) -> Config:
    """Read `file`, else `portico.toml` in `cwd` or above it, else the defaults. Raises ConfigError."""
    found = file or find(cwd)
    folder = (found.parent if found else cwd).resolve()
    settings = parse(_read(found), where=str(found)) if found else Settings()
    place = home.resolve() if home else folder / FOLDER
    return Config(_absolute(settings, folder), Home(place), found)


def find(cwd: Path) -> Path | None:
    return next((path for parent in (cwd, *cwd.parents) if (path := parent / FILE).is_file()), None)


def parse(values: dict[str, Any], *, where: str) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError("; ".join(_tell(fault) for fault in error.errors()), where=where) from None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"can't be read: {error}", where=str(file)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"expected TOML: {error}", where=str(file)) from error


def _tell(fault: Any) -> str:
    path = "/".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{path}: unknown key"
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    expected = message if message.startswith("expected") else f"expected {message}"
    given = fault["input"]
    return f"{path}: {expected}" + ("" if isinstance(given, dict | list) else f", got {given!r}")


def _absolute(settings: Settings, folder: Path) -> Settings:
    source, edge = settings.source, settings.edge
    return settings.model_copy(
        update={
            "source": source.model_copy(update={"folder": source.folder and folder / source.folder}),
            "edge": edge.model_copy(update={"certificate": edge.certificate and folder / edge.certificate}),
        }
    )
