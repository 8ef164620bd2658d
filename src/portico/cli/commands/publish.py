"""`portico publish` and `portico rollback`: one flip at the edge, for all visitors at once."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from portico.cli import comparing, flags, names, place, publishing, screen, words
from portico.cli.orders import Desk
from portico.config.load import Config
from portico.snapshot.freeze import Frozen


def publish(
    ctx: typer.Context,
    *,
    dry_run: flags.DryRun = False,
    no_wait: flags.NoWait = False,
    as_json: flags.Json = False,
) -> None:
    """Freeze the source and make it live everywhere at once.

    The snapshot is checked, copied to both clusters and the mirror and verified there, before the one flip at
    the edge. If anything fails, visitors go on seeing what they see now. What editors publish in the studio
    goes live by itself; this publishes it also after somebody went back from it.

    For example:
      portico publish
      portico publish --dry-run
      portico publish --json | jq -r .snapshot
    """
    config = place.config(ctx)
    desk = Desk(config.home, place.ledger(ctx))
    asked = publishing.ask_studio(config, desk, quiet=as_json)
    frozen = publishing.freeze_told(config, quiet=as_json)
    if dry_run:
        _preview(config, desk, frozen, as_json=as_json)
        return
    if not as_json:
        publishing.tell_frozen(frozen)
    done = publishing.publish(desk, frozen, asked, wait=not no_wait, quiet=as_json)
    if as_json:
        screen.dump(done.document())
    elif not done.changed:
        screen.say(f"nothing changed, {words.short(frozen.id)} is live already")
    elif done.order is None:
        screen.say(f"order {done.number} is given")
    else:
        screen.say(f"live: {words.short(frozen.id)}, published in {words.duration(done.seconds)}")


def rollback(
    ctx: typer.Context,
    snapshot: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="The id or its first characters; none goes to the last good one.",
            autocompletion=names.complete_snapshot,
        ),
    ] = None,
    *,
    no_wait: flags.NoWait = False,
    as_json: flags.Json = False,
) -> None:
    """Make an earlier snapshot live again.

    Every store holds it still, so this is one flip. Assets of the snapshot that was live keep resolving.

    For example:
      portico rollback
      portico rollback 3f9a2c71
    """
    config = place.config(ctx)
    desk = Desk(config.home, place.ledger(ctx))
    wanted = names.snapshot(snapshot, names.held(config)) if snapshot else None
    given = desk.give("rollback", {"snapshot": wanted})
    if no_wait:
        screen.dump({"order": given.number}) if as_json else screen.say(f"order {given.number} is given")
        return
    order = desk.follow(given, (lambda _event: None) if as_json else publishing.tell_step)
    result: dict[str, Any] = {"order": order.id, **order.result}
    if as_json:
        screen.dump(result)
    else:
        took = words.duration(float(result.get("seconds") or 0))
        screen.say(f"live: {words.short(result.get('snapshot'))}, rolled back in {took}")


def _preview(config: Config, desk: Desk, frozen: Frozen, *, as_json: bool) -> None:
    live = publishing.wanted(desk)
    found = comparing.compare(config, live, frozen.id) if live else None
    if as_json:
        report = publishing.frozen_document(frozen)
        changes = (
            comparing.document(live, frozen.id, found) if found else {"before": None, "after": frozen.id}
        )
        screen.dump({**report, **changes})
        return
    publishing.tell_frozen(frozen)
    if live and found:
        comparing.show(live, frozen.id, found)
    screen.say(f"would publish {words.short(frozen.id)}" if frozen.id != live else "nothing to publish")
