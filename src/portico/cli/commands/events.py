"""`portico events`: the ledger's history."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer

from portico.cli import place, screen, tale, words
from portico.ledger.ledger import Ledger
from portico.model import Event

POLL_S = 0.1


def events(
    ctx: typer.Context,
    *,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what happens from now on.")
    ] = False,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="From there on: 90s, 10m, 2h, 3d or 2026-11-23T04:00.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only this kind, or those that start so: `replica.`")
    ] = None,
    last: Annotated[int, typer.Option("--last", "-n", min=1, help="The newest so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for scripts.")] = False,
) -> None:
    """Show what happened.

    Events are append-only and hash-chained; `portico ledger verify` checks the chain.

    For example:
      portico events --since 1h
      portico events --kind replica. --follow
      portico events --json --last 1000 | jq -r .kind | sort | uniq -c
    """
    ledger = place.ledger(ctx)
    start = words.since(since, time.time()) if since else None
    seq = 0
    found = [event for event in ledger.events() if _wanted(event, kind) and event.at >= (start or 0)]
    _print(found if start else found[-last:], as_json=as_json)
    if follow:
        seq = max((event.seq for event in ledger.events(last=1)), default=0)
        _follow(ledger, seq, kind, as_json=as_json)


def _follow(ledger: Ledger, seq: int, kind: str | None, *, as_json: bool) -> None:
    while True:
        new = ledger.events(after=seq)
        seq = new[-1].seq if new else seq
        _print((event for event in new if _wanted(event, kind)), as_json=as_json)
        time.sleep(POLL_S)


def _wanted(event: Event, kind: str | None) -> bool:
    return kind is None or event.kind == kind or (kind.endswith(".") and event.kind.startswith(kind))


def _print(found: Iterable[Event], *, as_json: bool) -> None:
    for event in found:
        if as_json:
            typer.echo(json.dumps(asdict(event), ensure_ascii=False))
        else:
            screen.out().print(tale.line(event, time.time()), soft_wrap=True)
