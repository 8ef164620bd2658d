"""`portico silence`: tell nobody of something for a while, and say why."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from portico.cli import flags, orders, place, screen, silencing, words
from portico.cli.told import UsageError
from portico.ledger import incidents, silences
from portico.ledger.incidents import Incident
from portico.ledger.silences import Silence
from portico.respond.delivery import matching

LONGEST_S = 30 * 86400.0

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def silence() -> None:
    """Tell nobody of something for a while.

    What is silenced is recorded as ever. When the silence ends and the trouble goes on, people are told then.

    For example:
      portico silence add cluster=a --for 2h --reason "moving it to the new rack"
      portico silence list
      portico silence end 3
    """


@app.command()
def add(  # noqa: PLR0913 - each one is an option
    ctx: typer.Context,
    matcher: Annotated[
        list[str],
        typer.Argument(
            metavar="MATCHER",
            help="An alert or finding (replica-hung, replica-hung:a*), or cluster=a, severity=warning,"
            " incident=12. All of several must fit.",
        ),
    ],
    *,
    lasting: Annotated[str, typer.Option("--for", metavar="SPAN", help="So long: 30m, 2h, 1d.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")],
    anyway: Annotated[bool, typer.Option("--anyway", help="Also what fits nothing that is known.")] = False,
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Silence what fits, until an end.

    For example:
      portico silence add replica-hung:a* --for 30m --reason "known, ticket 4711"
      portico silence add severity=warning cluster=b --for 1d --reason maintenance --dry-run
    """
    text, ledger = " ".join(matcher), place.ledger(ctx)
    matching.check(text)
    if not anyway:
        silencing.check(text, silencing.known(place.config(ctx), ledger))
    until = time.time() + _span(lasting)
    if not reason.strip():
        raise UsageError("expected a reason", where="--reason", hint='--reason "new disks"')
    whole, part = silencing.covered(text, incidents.current(ledger))
    if dry_run:
        screen.say(f"would silence {_listed(whole, part)} until {words.clock(until, time.time())}")
        return
    number = silences.add(ledger, text, until, reason=reason.strip(), by=orders.person())
    if as_json:
        screen.dump(
            {
                "silence": number,
                "until": until,
                "incidents": [one.id for one in whole],
                "in_part": [one.id for one in part],
            }
        )
        return
    screen.say(f"silence {number}: {_listed(whole, part)} until {words.clock(until, time.time())}")


@app.command("list")
def list_silences(
    ctx: typer.Context,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: flags.Json = False,
) -> None:
    """List the silences that hold.

    For example:
      portico silence list
      portico silence list --all --json
    """
    ledger, now = place.ledger(ctx), time.time()
    found = silences.last(ledger, 100) if everything else silences.holding(ledger, now)
    if as_json:
        screen.dump([asdict(each) for each in found])
        return
    if not found:
        screen.say("nothing is silenced")
        return
    table = screen.table("silence", "of", "until", "by", "reason")
    for each in found:
        told = (each.matcher, _until(each, now), each.by, each.reason)
        table.add_row(str(each.id), *(escape(text) for text in told))
    screen.out().print(table)


@app.command()
def end(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", help="The silence's number.")],
) -> None:
    """End a silence before its time.

    For example:
      portico silence end 3
    """
    silences.end(place.ledger(ctx), number, by=orders.person())
    screen.say(f"silence {number} holds no longer; what goes on is told now")


def _span(text: str) -> float:
    seconds = words.span(text, "--for")
    if not 0 < seconds <= LONGEST_S:
        raise UsageError(
            f"expected at most {words.age(LONGEST_S)}, got {text}", where="--for", hint="--for 2h, and again"
        )
    return seconds


def _listed(whole: list[Incident], part: list[Incident]) -> str:
    """What of it is open now; what comes is silenced too."""
    told = [f"incident {one.id} ({one.title})" for one in whole]
    told += [f"a part of incident {one.id} ({one.title}), the rest of which is told" for one in part]
    return f"{', '.join(told) or 'nothing that is open now'}, and what comes"


def _until(silence: Silence, now: float) -> str:
    if silence.ended is not None:
        return f"ended {words.clock(silence.ended, now)}"
    return words.clock(silence.until, now)
