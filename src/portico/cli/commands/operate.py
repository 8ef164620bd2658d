"""`portico restart`, `drain`, `undrain` and `scale`: orders that the keeper carries out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from portico.cli import flags, names, place, screen, tale, words
from portico.cli.orders import Desk
from portico.keeper import deeds
from portico.keeper.deeds import Deed
from portico.model import Event
from portico.respond.actions import gather
from portico.respond.actions.situation import Situation

Cluster = Annotated[
    str, typer.Argument(help="The cluster's name.", metavar="CLUSTER", autocompletion=names.complete_cluster)
]

LONGEST_S = 900.0
"""A rolling restart of the largest stack, with a soak between the clusters, fits in."""


def restart(
    ctx: typer.Context,
    target: Annotated[
        str,
        typer.Argument(
            metavar="[TARGET]",
            help="all, a cluster, a replica or the mirror.",
            autocompletion=names.complete_target,
        ),
    ] = "all",
    *,
    no_wait: flags.NoWait = False,
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Restart replicas one at a time, unnoticed.

    Each one is drained, restarted and back in service before the next is touched; between two clusters the
    keeper waits for the soak window of the settings.

    For example:
      portico restart
      portico restart a
      portico restart b2 --no-wait
    """
    deed = deeds.restart(target, _now(ctx))
    if dry_run:
        screen.say(f"would: {deed.words}")
        return
    _carry_out(ctx, deed, wait=not no_wait, as_json=as_json)


def drain(
    ctx: typer.Context, cluster: Cluster, *, no_wait: flags.NoWait = False, as_json: flags.Json = False
) -> None:
    """Take a cluster out of service.

    Its replicas keep running and finish what they answer; new requests go to the others. Refused for the last
    healthy cluster.

    For example:
      portico drain a
    """
    _carry_out(ctx, deeds.drain(cluster, _now(ctx)), wait=not no_wait, as_json=as_json)


def undrain(
    ctx: typer.Context, cluster: Cluster, *, no_wait: flags.NoWait = False, as_json: flags.Json = False
) -> None:
    """Bring a cluster back into service.

    For example:
      portico undrain a
    """
    _carry_out(ctx, deeds.undrain(cluster, _now(ctx)), wait=not no_wait, as_json=as_json)


def scale(
    ctx: typer.Context,
    cluster: Cluster,
    replicas: Annotated[int, typer.Argument(metavar="N", help="How many replicas shall run.")],
    *,
    no_wait: flags.NoWait = False,
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Change the number of a cluster's replicas.

    It holds over restarts of the stack. The most is clusters/max_replicas of the settings.

    For example:
      portico scale a 4
      portico scale b 1 --dry-run
    """
    deed = deeds.scale(cluster, replicas, _now(ctx))
    if dry_run:
        screen.say(f"would: {deed.words}")
        return
    _carry_out(ctx, deed, wait=not no_wait, as_json=as_json)


def _now(ctx: typer.Context) -> Situation:
    return gather.situation(place.ledger(ctx), place.config(ctx).settings, time.time())


def _carry_out(ctx: typer.Context, deed: Deed, *, wait: bool, as_json: bool) -> None:
    desk = Desk(place.config(ctx).home, place.ledger(ctx))
    given = desk.give(deed.kind, deed.args)
    if not wait:
        _answer(
            {"order": given.number, "state": "waiting"}, f"order {given.number} is given", as_json=as_json
        )
        return
    order = desk.follow(given, lambda event: _tell(event, quiet=as_json), timeout=LONGEST_S)
    seconds = desk.ledger.events(kind="order.done", last=1)[0].at - order.at
    what = " ".join(str(value) for value in deed.args.values())
    said = f"{deed.kind} {what}: done in {words.duration(seconds)}"
    result = {"order": order.id, "state": order.state, "seconds": round(seconds, 3), **order.result}
    _answer(result, said, as_json=as_json)


def _answer(result: Mapping[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        screen.dump(result)
    else:
        screen.say(said)


def _tell(event: Event, *, quiet: bool) -> None:
    if not quiet and not event.kind.startswith("order."):
        screen.err().print(tale.line(event, event.at))
