"""From a file to settings, or to one clear line about why not."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from portico.config import promise, words
from portico.config.console import Console
from portico.config.datadog import Datadog
from portico.config.exporting import Destination, Export
from portico.config.home import Home
from portico.config.models import Settings
from portico.config.responding import Notify
from portico.config.studio import Studio
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
    return Config(_absolute(settings, folder), Home(place), found and found.resolve())


def find(cwd: Path) -> Path | None:
    return next((path for parent in (cwd, *cwd.parents) if (path := parent / FILE).is_file()), None)


def parse(values: dict[str, Any], *, where: str) -> Settings:
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError("; ".join(_tell(fault) for fault in error.errors()), where=where) from None
    promise.check(settings, where=where)
    return settings


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        hint = "portico up without a file starts a whole site to write in" if not file.exists() else ""
        raise ConfigError(f"can't be read: {error.strerror}", where=str(file), hint=hint) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"expected UTF-8: {error.reason} at byte {error.start}", where=str(file)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"expected TOML: {error}", where=str(file)) from error


def _tell(fault: ErrorDetails) -> str:
    """Pydantic's finding, in the words of the models rather than its own."""
    path, given = fault["loc"], fault["input"]
    name = "/".join(map(str, path))
    if fault["type"] == "extra_forbidden":
        meant = words.nearest(path)
        return f"{name}: unknown key" + (f", did you mean {meant}?" if meant else "")
    if fault["type"] == "value_error":
        return f"{name}: {fault['ctx']['error']}" if name else str(fault["ctx"]["error"])
    if fault["type"] == "missing":
        return f"{name}: expected {words.expected(path)}, got nothing"
    if words.is_secret(path):
        return f"{name}: expected {words.expected(path)}, got something else"
    return f"{name}: expected {words.expected(path)}, got {words.shown(given)}"


def _absolute(settings: Settings, folder: Path) -> Settings:
    source, edge, probes = settings.source, settings.edge, settings.probes
    return settings.model_copy(
        update={
            "source": source.model_copy(update={"folder": source.folder and folder / source.folder}),
            "studio": _absolute_studio(settings.studio, folder),
            "console": _absolute_console(settings.console, folder),
            "edge": edge.model_copy(update={"certificate": edge.certificate and folder / edge.certificate}),
            "probes": probes.model_copy(update={"trusted": probes.trusted and folder / probes.trusted}),
            "notify": _absolute_notify(settings.notify, folder),
            "export": _absolute_export(settings.export, folder),
            "datadog": _absolute_datadog(settings.datadog, folder),
        }
    )


def _absolute_studio(studio: Studio, folder: Path) -> Studio:
    named = ("database_file", "mail_file", "oidc_client_secret_file")
    files = {key: (file := getattr(studio, key)) and folder / file for key in named}
    return studio.model_copy(update={**files, "path": studio.path and (folder / studio.path).resolve()})


def _absolute_console(console: Console, folder: Path) -> Console:
    secret = console.oidc_client_secret_file
    return console.model_copy(update={"oidc_client_secret_file": secret and folder / secret})


def _absolute_notify(notify: Notify, folder: Path) -> Notify:
    channels = [
        channel.model_copy(update={"url_file": channel.url_file and folder / channel.url_file})
        for channel in notify.channels
    ]
    switch = notify.dead_mans_switch_file
    return notify.model_copy(
        update={
            "channels": channels,
            "oncall": notify.oncall and folder / notify.oncall,
            "dead_mans_switch_file": switch and folder / switch,
        }
    )


def _absolute_datadog(datadog: Datadog, folder: Path) -> Datadog:
    named = ("api_key_file", "app_key_file")
    return datadog.model_copy(
        update={key: (file := getattr(datadog, key)) and folder / file for key in named}
    )


def _absolute_export(export: Export, folder: Path) -> Export:
    def absolute(one: Destination) -> Destination:
        named = ("password_file", "bearer_file", "headers_file", "trusted")
        return one.model_copy(update={key: (file := getattr(one, key)) and folder / file for key in named})

    return export.model_copy(
        update={
            "remote_write": [absolute(one) for one in export.remote_write],
            "otlp": [absolute(one) for one in export.otlp],
        }
    )
