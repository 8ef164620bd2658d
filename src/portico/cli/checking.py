"""What `config check` looks at beyond the file's form: the things that the settings name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from portico.config import promise
from portico.config.load import Config
from portico.config.studio import Studio
from portico.edge import certificate, validate
from portico.kit.errors import ConfigError, SourceError
from portico.notify.port import Port
from portico.respond.delivery import switch
from portico.respond.delivery.oncall import Rota


def everything(config: Config) -> Iterator[str]:
    """One sentence for each thing that is right. Raises PorticoError at the first that isn't."""
    yield f"settings: {config.file or 'the built-in defaults'}"
    yield _promise(config)
    yield _source(config)
    yield _certificate(config)
    yield f"HAProxy {validate.version()}"
    yield from _telling(config)


def _promise(config: Config) -> str:
    if not config.settings.watch.enabled:
        return "promise: none is held, watch/enabled is false"
    return f"promise: {promise.of(config.settings).arithmetic}"


def _source(config: Config) -> str:
    folder = config.settings.source.folder
    if config.settings.source.kind == "studio":
        _check_studio(config.settings.studio)
        return f"source: the studio{'' if config.settings.runs_studio else ', which is switched off'}"
    if folder is None:
        return "source: the starter page"
    if not folder.is_dir():
        raise SourceError(
            "expected a folder", where=str(folder), hint="source/folder in portico.toml names it"
        )
    if not any(folder.iterdir()):
        raise SourceError(
            "expected files to publish, the folder is empty", where=str(folder), hint="build the site first"
        )
    return f"source: {folder}"


def _check_studio(asked: Studio) -> None:
    for setting in ("database_file", "mail_file", "oidc_client_secret_file"):
        path = getattr(asked, setting)
        if path and not path.is_file():
            raise ConfigError("there is no such file", where=str(path), hint=f"studio/{setting} names it")
    if asked.path and not asked.path.is_dir():
        raise ConfigError("there is no such folder", where=str(asked.path), hint="studio/path names it")


def _certificate(config: Config) -> str:
    own = config.settings.edge.certificate
    if own is None:
        return f"certificate: by the local authority, for {', '.join(config.settings.certified)}"
    certificate.check(own, tuple(config.settings.certified), datetime.now(UTC))
    return f"certificate: {own}"


def _telling(config: Config) -> Iterator[str]:
    """A channel that can't be sent to is found before it is needed, and a calendar that can't be read."""
    notify = config.settings.notify
    if notify.dead_mans_switch or notify.dead_mans_switch_file:
        switch.asked_at(notify)
        yield "dead man's switch: an address that can be asked"
    if notify.oncall and not notify.oncall.is_file():
        raise ConfigError("there is no such file", where=str(notify.oncall), hint="notify/oncall names it")
    if not notify.channels:
        return
    for channel in notify.channels:
        if trouble := Port(config.home.apprise).check(channel):
            raise ConfigError(trouble, where=f"notify/channels/{channel.name}", hint="docs/alerting.md")
    yield f"channels: {', '.join(channel.name for channel in notify.channels)}"
    if notify.oncall:
        rota = Rota(notify.oncall, [channel.name for channel in notify.channels], ZoneInfo(notify.timezone))
        shifts = rota.at(time.time()).now
        if rota.trouble:
            raise ConfigError(rota.trouble, where="notify/oncall")
        yield f"on call: {', '.join(name for shift in shifts for name in shift.channels) or 'nobody'}"
