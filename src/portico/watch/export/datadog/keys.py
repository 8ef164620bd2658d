"""The two keys, read from their files whenever they are used, so that they can be changed while we run."""

from __future__ import annotations

from pathlib import Path

from portico.config.datadog import Datadog
from portico.kit.errors import ConfigError


def api(settings: Datadog) -> str:
    """Raises ConfigError, which doesn't show it."""
    return _read(settings.api_key_file, "datadog/api_key_file", "API keys")


def app(settings: Datadog) -> str:
    """Raises ConfigError, which doesn't show it."""
    return _read(settings.app_key_file, "datadog/app_key_file", "Application keys")


def known(settings: Datadog) -> list[str]:
    """Those that can be read, to keep them out of whatever is sent."""
    found = []
    for read, file in ((api, settings.api_key_file), (app, settings.app_key_file)):
        try:
            found += [read(settings)] if file else []
        except ConfigError:
            continue
    return found


def _read(file: Path | None, where: str, page: str) -> str:
    if file is None:
        hint = f"make one at Datadog under Organization Settings, {page}, and name its file"
        raise ConfigError("there is no key", where=where, hint=hint)
    try:
        key = file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(f"{file} can't be read: {error.strerror}", where=where) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file} holds no key", where=where) from None
    if not key.isalnum():
        raise ConfigError(f"{file} holds no key: expected letters and digits in one line", where=where)
    return key
