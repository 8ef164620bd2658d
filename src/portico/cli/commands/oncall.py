"""`portico oncall`: who is called now, and who is next."""

from __future__ import annotations

import time
from typing import Any
from zoneinfo import ZoneInfo

import typer

from portico.cli import flags, place, screen, words
from portico.config.responding import Notify
from portico.kit.errors import ConfigError, SourceError
from portico.respond.delivery.oncall import Duty, Rota, Shift


def oncall(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """Show who is on call, and who is next.

    The calendar is notify/oncall in portico.toml; the exit code is 4 when it can't be read.

    For example:
      portico oncall
      portico oncall --json
    """
    config = place.config(ctx)
    notify, now = config.settings.notify, time.time()
    duty, trouble = _looked(notify, now)
    if as_json:
        screen.dump({"now": _dumped(duty.now), "next": _dumped(duty.next), "trouble": trouble})
    else:
        _tell(duty, now)
    if trouble:
        raise SourceError(trouble, hint="docs/runbooks/oncall-unreadable.md")


def _looked(notify: Notify, now: float) -> tuple[Duty, str | None]:
    if notify.oncall is None:
        raise ConfigError(
            "there is no calendar, so all channels of a severity are told",
            where="notify/oncall",
            hint="name an iCal file, see docs/alerting.md",
        )
    rota = Rota(notify.oncall, [channel.name for channel in notify.channels], ZoneInfo(notify.timezone))
    return rota.at(now), rota.trouble


def _tell(duty: Duty, now: float) -> None:
    for label, shifts in (("now", duty.now), ("next", duty.next)):
        for shift in shifts:
            until = f"{words.clock(shift.start, now)} to {words.clock(shift.end, now)}"
            named = ", ".join(shift.channels) or "no channel"
            screen.say(f"{label:<5} {named}  ({shift.said}, {until})")
    if not duty.now:
        screen.say("now   nobody: all channels of a severity are told")


def _dumped(shifts: tuple[Shift, ...]) -> list[dict[str, Any]]:
    return [
        {
            "channels": list(shift.channels),
            "summary": shift.said,
            "from": words.iso(shift.start),
            "until": words.iso(shift.end),
        }
        for shift in shifts
    ]
