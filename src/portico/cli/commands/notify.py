"""`portico notify`: the ways to reach people, listed and tried."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.markup import escape

from portico.cli import flags, names, orders, place, screen, words
from portico.config.load import Config
from portico.config.responding import Channel
from portico.kit.errors import ConfigError, PorticoError
from portico.ledger.ledger import Ledger
from portico.model import Severity
from portico.notify import address
from portico.notify.failure import Failure
from portico.notify.message import Message
from portico.notify.port import Port
from portico.respond.delivery import health

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def notify() -> None:
    """List and try the ways to reach people.

    For example:
      portico notify list
      portico notify test
      portico notify test pager
    """


@app.command("list")
def list_channels(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """List the channels: what kind each is, what is sent there, and how it does.

    Their addresses are secret and are not shown.

    For example:
      portico notify list
      portico notify list --json
    """
    config = place.config(ctx)
    rows = [_row(channel, config, _known(config)) for channel in _channels(config)]
    if as_json:
        screen.dump(rows)
        return
    table = screen.table("channel", "kind", "from", "fallback", "state")
    for row in rows:
        colour = screen.GOOD if row["state"] == "well" else screen.BAD
        values = (row["name"], row["kind"], row["severity"], row["fallback"] or "")
        table.add_row(*values, f"[{colour}]{escape(row['state'])}[/]")
    screen.out().print(table)


@app.command("test")
def try_channels(
    ctx: typer.Context,
    channel: Annotated[
        str | None,
        typer.Argument(metavar="[CHANNEL]", help="Only this one.", autocompletion=names.complete_channel),
    ] = None,
    *,
    as_json: flags.Json = False,
) -> None:
    """Send a real message through each channel, and say what came of it.

    The exit code is 1 when one of them failed. Quiet hours, silences and fallbacks don't hold for it.

    For example:
      portico notify test
      portico notify test pager
    """
    config = place.config(ctx)
    channels = _channels(config)
    if channel is not None:
        names.known(channel, [each.name for each in channels], what="channel")
    port, known = Port(config.home.apprise), _known(config)
    tried = [_try(each, port, known) for each in channels if channel in {None, each.name}]
    _tell(tried, as_json=as_json)
    if failed := [each.channel for each in tried if each.failure]:
        raise PorticoError(
            f"{words.count(len(failed), 'channel')} failed: {', '.join(failed)}",
            hint="docs/runbooks/notify-failing.md",
        )


@dataclass(frozen=True, slots=True)
class Tried:
    channel: str
    seconds: float
    failure: Failure | None


def _try(channel: Channel, port: Port, ledger: Ledger | None) -> Tried:
    began = time.monotonic()
    with screen.busy(f"sending to {channel.name}"):
        failure = port.send(channel, _message(channel))
    if ledger:
        with ledger.writing():
            health.note(ledger, channel.name, failure)
            ledger.record("notify.tested", channel.name, why=failure.reason if failure else None)
    return Tried(channel.name, time.monotonic() - began, failure)


def _message(channel: Channel) -> Message:
    said = f"{orders.person()} tries whether messages of Portico reach the channel {channel.name}. They do."
    name = f"portico-test-{time.time_ns() // 1_000_000}"
    return Message(name, name, "Test: this is how Portico calls you", said, Severity.INFO)


def _tell(tried: list[Tried], *, as_json: bool) -> None:
    if as_json:
        screen.dump([_as_json(each) for each in tried])
        return
    for each in tried:
        took = words.duration(each.seconds)
        said = f"failed: {each.failure.reason}" if each.failure else f"sent in {took}"
        screen.say(f"{each.channel}: {said}", screen.BAD if each.failure else screen.GOOD)


def _as_json(tried: Tried) -> dict[str, Any]:
    why = tried.failure.reason if tried.failure else None
    return {"channel": tried.channel, "sent": why is None, "why": why, "seconds": round(tried.seconds, 3)}


def _channels(config: Config) -> list[Channel]:
    if not config.settings.notify.channels:
        raise ConfigError(
            "there is no channel, so nobody is told of anything",
            where=str(config.file or "portico.toml"),
            hint="add a [[notify.channels]] to portico.toml, see docs/alerting.md",
        )
    return config.settings.notify.channels


def _row(channel: Channel, config: Config, ledger: Ledger | None) -> dict[str, Any]:
    failing = health.failing(ledger, config.settings.notify) if ledger else {}
    try:
        kind, state = address.kind(address.of(channel)), "well"
    except ConfigError as error:
        kind, state = "unknown", error.what
    if channel.name in failing:
        state = f"fails: {failing[channel.name]['why']}"
    named = {"name": channel.name, "kind": kind, "severity": channel.severity}
    return {**named, "fallback": channel.fallback, "state": state}


def _known(config: Config) -> Ledger | None:
    """The stack's ledger, where there is one: channels can be tried before the first start."""
    return Ledger(config.home.ledger) if config.home.ledger.exists() else None
