"""`portico incidents`: what went wrong, why probably, and what was done about it."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from portico.cli import flags, place, screen, words
from portico.cli.told import UsageError
from portico.ledger import incidents as kept
from portico.ledger.incidents import Incident, Member
from portico.ledger.ledger import Ledger
from portico.model import Severity
from portico.respond.incidents import timeline
from portico.watch.alerts.table import ALERTS


def _complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """The newest ones; whatever goes wrong, the shell gets none rather than an error in its line."""
    try:
        found = kept.last(place.ledger(ctx), 20)
    except Exception:  # noqa: BLE001 - as the docstring says
        return []
    return [(str(one.id), one.title) for one in reversed(found) if str(one.id).startswith(incomplete)]


_COLOURS = {"critical": screen.BAD, "warning": screen.FAIR, "info": screen.CALM}


def incidents(
    ctx: typer.Context,
    number: Annotated[
        int | None,
        typer.Argument(metavar="ID", help="Tell this one, with its timeline.", autocompletion=_complete),
    ] = None,
    *,
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="From there on: 90s, 10m, 2h, 3d or 2026-11-23T04:00.")
    ] = "7d",
    as_json: flags.Json = False,
) -> None:
    """Show what went wrong, and why probably.

    Many findings of one cause are one incident. What was mended before anybody could notice is listed too, as
    info; nobody was called for it.

    For example:
      portico incidents
      portico incidents 12
      portico incidents --since 30d --json
    """
    ledger, now = place.ledger(ctx), time.time()
    if number is not None:
        _one(ledger, _known(ledger, number), now, as_json=as_json)
        return
    found = kept.since(ledger, words.since(since, now))
    if as_json:
        screen.dump([_values(incident) for incident in found])
    elif found:
        _list(found, now)
    else:
        span = f"in the last {since}" if since[-1:] in {"s", "m", "h", "d"} else f"since {since}"
        screen.say(f"no incidents {span}")


def _known(ledger: Ledger, number: int) -> Incident:
    found = kept.get(ledger, number)
    if found is None:
        raise UsageError(f"there is no incident {number}", hint="portico incidents lists them")
    return found


def _list(found: list[Incident], now: float) -> None:
    """Open ones last, next to where the person types."""
    found = sorted(found, key=lambda one: (one.open, one.opened))
    table = screen.table("id", "severity", "began", "state", "what", "probable cause", right=("id",))
    _wrap(table, "what", "probable cause")
    for incident in found:
        colour = _COLOURS[incident.severity]
        table.add_row(
            str(incident.id),
            Text(incident.severity, style=colour),
            words.clock(incident.opened, now),
            Text(_state(incident, now), style=colour if incident.open else screen.CALM),
            Text(incident.title),
            Text(incident.cause),
        )
    screen.listed(table, [_block(incident, now) for incident in found])
    still = [incident for incident in found if incident.open]
    if still:
        screen.say(f"more: portico incidents {still[-1].id}")


def _block(incident: Incident, now: float) -> tuple[Text, ...]:
    return (
        Text(
            f"{incident.id} {incident.severity}, {_state(incident, now)}", style=_COLOURS[incident.severity]
        ),
        Text(incident.title),
        Text(f"probably: {incident.cause}" if incident.cause else ""),
        Text(f"began {words.clock(incident.opened, now)}", style=screen.CALM),
    )


def _one(ledger: Ledger, incident: Incident, now: float, *, as_json: bool) -> None:
    lines = timeline.told(ledger, incident, now)
    story = timeline.story(lines, incident, lambda at: words.clock(at, now))
    if as_json:
        told = [{"at": line.at, "text": line.text} for line in lines]
        screen.dump({**_values(incident), "story": story, "timeline": told})
        return
    _head(incident, now)
    screen.say()
    _findings(incident, now)
    screen.say()
    screen.say("what happened", style=screen.CALM)
    for line in lines:
        screen.say(f"  {words.clock(line.at, now)}  {line.text}")
    if harm := timeline.harm(incident):
        screen.say(f"            {harm}")
    screen.say()
    for runbook in _runbooks(incident):
        screen.say(f"runbook: docs/runbooks/{runbook}.md", style=screen.CALM)
    if incident.open and incident.acknowledged is None and incident.severity != "info":
        screen.say(f"take it: portico ack {incident.id}")


def _head(incident: Incident, now: float) -> None:
    colour = _COLOURS[incident.severity]
    screen.say(
        f"incident {incident.id}, {incident.severity}, {_state(incident, now)}", style=f"bold {colour}"
    )
    screen.say(incident.title)
    screen.say(f"probably: {incident.cause}" if incident.cause else "nobody can tell the cause yet")
    if incident.data.get("drill"):
        screen.say("this is a drill", style=screen.CALM)
    if incident.data.get("hands_off"):
        screen.say("nothing is done by itself: a person must look", style=screen.BAD)
    if incident.acknowledged is not None:
        screen.say(f"acknowledged by {incident.acknowledged_by} at {words.clock(incident.acknowledged, now)}")


def _findings(incident: Incident, now: float) -> None:
    table = screen.table("", "finding", "from", "to")
    _wrap(table, "finding")
    blocks = []
    for members in _by_key(incident):
        last = members[-1]
        colour = _COLOURS[last.severity]
        weight, began = Text(_weight(last), style=colour), words.clock(members[0].since, now)
        sentence = Text(last.sentence + (f" ({len(members)} times)" if len(members) > 1 else ""))
        ended = words.clock(last.over, now) if last.over else ""
        table.add_row(weight, sentence, began, ended or Text("still", style=colour))
        blocks.append((weight, sentence, f"{began} to {ended}" if ended else f"since {began}"))
    screen.listed(table, blocks)


def _by_key(incident: Incident) -> list[list[Member]]:
    """The same trouble that came again is one row."""
    found: dict[str, list[Member]] = {}
    for member in incident.members:
        found.setdefault(member.key, []).append(member)
    return list(found.values())


def _wrap(table: Table, *columns: str) -> None:
    """Sentences are read to their end, however narrow the terminal is."""
    for column in table.columns:
        column.no_wrap = column.header not in columns


def _weight(member: Member) -> str:
    if member.evidence:
        return "evidence"
    return "mended" if member.data.get("mended") and member.severity == "info" else str(member.severity)


def _state(incident: Incident, now: float) -> str:
    ended = incident.ended
    if not incident.open:
        return f"over after {words.duration((ended or now) - incident.opened)}"
    if ended is not None:
        return f"ending, all quiet for {words.age(now - ended)}"
    what = "being mended" if incident.severity is Severity.INFO else "open"
    return f"{what} for {words.age(now - incident.opened)}"


def _runbooks(incident: Incident) -> list[str]:
    told = [one.alert for one in incident.members if one.alert in ALERTS and not one.evidence]
    return list(dict.fromkeys(told))[:3]


def _values(incident: Incident) -> dict[str, Any]:
    values = asdict(incident)
    values["open"] = incident.open
    values["findings"] = values.pop("members")
    return values
