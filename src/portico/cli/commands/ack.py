"""`portico ack`: a person looks after an incident."""

from __future__ import annotations

from typing import Annotated

import typer

from portico.cli import flags, names, orders, place, screen
from portico.cli.told import UsageError
from portico.ledger import incidents
from portico.ledger.incidents import Incident
from portico.ledger.ledger import Ledger


def ack(
    ctx: typer.Context,
    incident: Annotated[
        str,
        typer.Argument(
            metavar="INCIDENT", help="Its number, or all.", autocompletion=names.complete_incident
        ),
    ],
    *,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who looks after it; else you.")] = None,
    as_json: flags.Json = False,
) -> None:
    """Say that you look after an incident; nobody else is called.

    It is the same as the link in its messages. You are told when it is over, and reminded while it isn't.

    For example:
      portico ack 12
      portico ack all --by anna
    """
    ledger, who = place.ledger(ctx), by or orders.person()
    found = _open(ledger) if incident == "all" else [_numbered(ledger, incident)]
    done = [one for one in found if incidents.acknowledge(ledger, one.id, by=who)]
    if as_json:
        screen.dump({"acknowledged": [one.id for one in done], "by": who})
        return
    for one in found:
        screen.say(f"incident {one.id}: {_outcome(ledger, one, new=one in done)}")
    if not found:
        screen.say("no incident waits for anybody")


def _numbered(ledger: Ledger, given: str) -> Incident:
    found = incidents.get(ledger, int(given)) if given.isdecimal() else None
    if found is None:
        raise UsageError(f"there is no incident {given!r}", hint="portico incidents")
    return found


def _open(ledger: Ledger) -> list[Incident]:
    return [one for one in incidents.current(ledger) if one.acknowledged is None]


def _outcome(ledger: Ledger, incident: Incident, *, new: bool) -> str:
    known = incidents.get(ledger, incident.id) or incident
    said = "acknowledged" if new else "was acknowledged already"
    return f"{said} by {known.acknowledged_by}{'' if known.open else '; it is over'}"
