"""`portico intake`: what visitors sent and isn't delivered yet, and what is kept of a person."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from portico.cli import flags, place, screen, words
from portico.cli.told import UsageError
from portico.config.home import Home
from portico.kit import canonical, files, lock
from portico.relay import person, waiting
from portico.relay.loop import SEEN
from portico.relay.waiting import Cluster, Waiting

app = typer.Typer(add_completion=False, no_args_is_help=True)

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The person's mail address.")]


@app.callback()
def intake() -> None:
    """See what visitors sent, and answer for what is kept of a person.

    What a visitor wrote is shown by `export` alone.

    For example:
      portico intake list
      portico intake quarantine
      portico intake export ada@example.com
    """


@app.command("list")
def list_posts(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """Tell what waits to be delivered, and how delivery goes.

    For example:
      portico intake list
      portico intake list --json
    """
    home, clusters = _place(ctx)
    seen = place.ledger(ctx).seen(SEEN)
    found, told = waiting.of(clusters), dict(seen[0]) if seen else {}
    if as_json:
        screen.dump({"posts": _rows(found, clusters), "relay": told})
        return
    _show(found, clusters, f"nothing waits in {home.clusters}")
    if why := told.get("down"):
        screen.say(f"nothing can be delivered now: {escape(str(why))}")
    screen.say(
        f"delivered {told.get('delivered', 0):,}, of which spam {told.get('spam', 0):,};"
        f" put aside {told.get('aside', 0):,}; mails waiting {told.get('mail_waiting', 0):,}"
    )


@app.command()
def quarantine(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """List the posts that the studio would not take. `portico events --kind intake.aside` says why.

    For example:
      portico intake quarantine
      portico intake release 3f2a9c1b
    """
    _, clusters = _place(ctx)
    found = waiting.aside(clusters)
    if as_json:
        screen.dump(_rows(found, clusters))
        return
    _show(found, clusters, "nothing was put aside")


@app.command()
def release(
    ctx: typer.Context,
    keys: Annotated[
        list[str], typer.Argument(metavar="KEY...", help="Posts by the beginning of their keys, or all.")
    ],
    *,
    dry_run: flags.DryRun = False,
) -> None:
    """Try to deliver posts again that were put aside.

    For example:
      portico intake release 3f2a9c1b
      portico intake release all --dry-run
    """
    home, clusters = _place(ctx)
    chosen = _chosen(waiting.aside(clusters), keys)
    if dry_run:
        screen.say(f"would try {_counted(len(chosen))} again")
        return
    with lock.held(home.intake_lock, wait=True):
        for one in chosen:
            person.release(clusters, one)
    screen.say(f"{_counted(len(chosen))} will be tried again; portico intake list")


@app.command()
def export(
    ctx: typer.Context,
    address: Address,
    *,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Write to this file.")] = None,
) -> None:
    """Hand out all that a person sent, as JSON: what waits, what was put aside, what the studio has.

    For example:
      portico intake export ada@example.com
      portico intake export ada@example.com --to ada.json
    """
    home, clusters = _place(ctx)
    found = person.export(home, clusters, _checked(address), has_studio=_has_studio(ctx))
    if to is None:
        screen.dump(found)
        return
    files.write_whole(to, canonical.dumps(found), mode=0o600)
    screen.say(f"{_counted(len(found))} in {to}")


@app.command()
def erase(
    ctx: typer.Context, address: Address, *, dry_run: flags.DryRun = False, as_json: flags.Json = False
) -> None:
    """Erase all that a person sent, everywhere. Mails that were sent are in their receivers' hands.

    For example:
      portico intake erase ada@example.com --dry-run
      portico intake erase ada@example.com
    """
    home, clusters = _place(ctx)
    if dry_run:
        found = person.export(home, clusters, _checked(address), has_studio=_has_studio(ctx))
        screen.say(f"would erase {_counted(len(found))}")
        return
    erased = person.erase(home, clusters, _checked(address), has_studio=_has_studio(ctx))
    place.ledger(ctx).record(
        "intake.erased", "", journals=erased.journals, studio=erased.studio, subscribers=erased.subscribers
    )
    if as_json:
        screen.dump(asdict(erased))
        return
    left = ", and the subscription to the status page" if erased.subscribers else ""
    screen.say(f"erased {_counted(erased.journals + erased.studio)}{left}")


def _place(ctx: typer.Context) -> tuple[Home, list[Cluster]]:
    config = place.config(ctx)
    place.ledger(ctx).close()
    home = config.home
    return home, [Cluster(name, home.intake(name)) for name in config.settings.clusters.names]


def _has_studio(ctx: typer.Context) -> bool:
    return place.config(ctx).settings.runs_studio


def _checked(address: str) -> str:
    if "@" not in address.strip("@"):
        raise UsageError(f"expected a mail address, got {address!r}", where="ADDRESS")
    return address


def _chosen(found: Sequence[Waiting], keys: Sequence[str]) -> list[Waiting]:
    if "all" in keys:
        return list(found)
    chosen = []
    for key in keys:
        fitting = [one for one in found if one.key.startswith(key)]
        if len(fitting) != 1:
            raise UsageError(
                f"expected a key of one post, {key!r} fits {len(fitting)}",
                where="KEY",
                hint="portico intake quarantine",
            )
        chosen += fitting
    return chosen


def _rows(found: Sequence[Waiting], clusters: Sequence[Cluster]) -> list[dict[str, Any]]:
    alone = {name for cluster in clusters for name in cluster.posts.alone()}
    return [
        {
            "key": one.key,
            "form": one.form,
            "received_at": one.received_at,
            "alone": any(lying.name in alone for lying in one.places),
        }
        for one in found
    ]


def _show(found: Sequence[Waiting], clusters: Sequence[Cluster], nothing: str) -> None:
    if not found:
        screen.say(nothing)
        return
    now, table = time.time(), screen.table("key", "form", "received", "copies")
    for row in _rows(found, clusters):
        copies = "in one cluster only" if row["alone"] else "in both"
        table.add_row(row["key"][:8], row["form"], words.clock(row["received_at"], now), copies)
    screen.out().print(table)


def _counted(number: int) -> str:
    return f"{number:,} post{'' if number == 1 else 's'}"
