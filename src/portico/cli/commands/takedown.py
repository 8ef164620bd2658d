"""`portico takedown`: what was unpublished is gone from every store, and no rollback brings it back."""

from __future__ import annotations

from typing import Annotated

import typer

from portico.cli import flags, place, publishing, screen, words
from portico.cli.orders import Desk
from portico.cli.told import UsageError
from portico.model import Event
from portico.release import takedown as takedowns
from portico.snapshot import cleanse
from portico.store import signing
from portico.store.layout import Store


def takedown(
    ctx: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="As in the address: /about/team")],
    *,
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Remove pages or files from all earlier snapshots, everywhere.

    Publish the site without them first. Then both clusters, the mirror and the freezer's own store replace
    each snapshot that holds one of them by one that doesn't, and acknowledge it: a rollback, a stale page or
    a cluster that comes back can't show them again. What the studio unpublishes is taken down by itself.

    For example:
      portico takedown /press/old-offer
      portico takedown --dry-run /team/jane /media/jane.3f2a9c1b.avif
    """
    config = place.config(ctx)
    desk = Desk(config.home, place.ledger(ctx))
    for path in paths:
        if not path.startswith("/"):
            hint = "portico takedown /about"
            raise UsageError(f"expected a path that begins with /, got {path!r}", hint=hint)
    live, keep = publishing.wanted(desk), config.settings.snapshots.keep
    if dry_run:
        key = signing.load_private(config.home.signing_key)
        held = cleanse.holding(Store(config.home.origin), paths, key.public_key())
        _tell_held(held, live, as_json=as_json)
        return
    given = desk.give(takedowns.KIND, takedowns.args(config.home, paths, live=live, keep=keep))
    order = desk.follow(given, (lambda _event: None) if as_json else _tell)
    if as_json:
        screen.dump({"order": order.id, **order.result})
    else:
        screen.say(f"gone: {', '.join(paths)}, in {words.duration(float(order.result['seconds']))}")


def _tell(event: Event) -> None:
    if event.kind == "takedown.acknowledged":
        number = int(event.data["snapshots"])
        done = "cache emptied" if event.subject == "edge" else f"{words.count(number, 'snapshot')} replaced"
        screen.say(f"  {event.subject:<20} {done}")


def _tell_held(held: list[str], live: str | None, *, as_json: bool) -> None:
    if as_json:
        screen.dump({"snapshots": held, "live": live in held})
    elif not held:
        screen.say("no snapshot holds it")
    else:
        screen.say(
            f"{words.count(len(held), 'snapshot')} would be replaced: {', '.join(map(words.short, held))}"
        )
        if live in held:
            screen.say("one of them is live: publish the site without it first")
