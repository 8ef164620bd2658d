"""`portico snapshots`, `diff`, `verify` and `gc`: what was frozen, and whether it is whole."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from portico.cli import collecting, comparing, flags, names, place, screen, words
from portico.config.load import Config
from portico.kit.errors import IntegrityError, PorticoError, UnavailableError
from portico.ledger.ledger import Ledger
from portico.model import Digest
from portico.release import procedure
from portico.store import check, read, signing
from portico.store.layout import Store


def _id(metavar: str) -> Any:
    text = "The id or its first characters."
    return typer.Argument(metavar=metavar, help=text, autocompletion=names.complete_snapshot)


Snapshot = Annotated[str, _id("ID")]
Before = Annotated[str, _id("BEFORE")]
After = Annotated[str, _id("AFTER")]


def snapshots(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """List the snapshots.

    `live` is what visitors see, `last good` where `portico rollback` goes to.

    For example:
      portico snapshots
      portico snapshots --json | jq -r '.[] | select(.live) | .id'
    """
    rows = _rows(place.config(ctx), place.ledger(ctx))
    if as_json:
        screen.dump(rows)
        return
    table = screen.table("id", "when", "paths", "size", "held by", "", right=("paths", "size"))
    for row in rows:
        table.add_row(
            words.short(row["id"]),
            words.clock(row["at"], time.time()),
            "damaged" if row["paths"] is None else f"{row['paths']:,}",
            "" if row["bytes"] is None else words.size(row["bytes"]),
            " ".join(row["stores"]),
            "live" if row["live"] else "last good" if row["last_good"] else "",
            style="bold" if row["live"] else "",
        )
    if rows:
        screen.out().print(table)
    else:
        screen.say("no snapshot yet: portico publish")


def _rows(config: Config, ledger: Ledger) -> list[dict[str, Any]]:
    stores = names.stores(config)
    holders = {name: frozenset(store.list_snapshots()) for name, store in stores.items()}
    live = ledger.wanted().get("snapshot")
    lives = [event.subject for event in ledger.events(kind="released")]
    everywhere = [digest for digest in names.held(config) if all(digest in held for held in holders.values())]
    good = procedure.last_good(lives, live, everywhere)
    rows = [_row(digest, stores, holders, signed=config) for digest in names.held(config)]
    for row in rows:
        row.update(live=row["id"] == live, last_good=row["id"] == good)
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def _row(digest: Digest, stores: dict[str, Store], holders: Any, *, signed: Config) -> dict[str, Any]:
    held_by = [name for name in stores if digest in holders[name]]
    store = stores[held_by[0]]
    try:
        root = read.read_root(store, digest, signing.load_public(signed.home.public_key))
    except PorticoError:
        root = None
    return {
        "id": digest,
        "at": store.arrived(digest),
        "paths": root.paths if root else None,
        "bytes": root.size if root else None,
        "stores": held_by,
    }


@dataclass(frozen=True, slots=True)
class Checked:
    """What verifying one store's copy of a snapshot gave."""

    store: str
    files: int
    bad: tuple[str, ...]

    @property
    def said(self) -> str:
        return "whole" if not self.bad else f"{words.count(len(self.bad), 'bad file')}"


def verify(
    ctx: typer.Context,
    snapshot: Snapshot,
    *,
    store: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="origin, a cluster, mirror, or all.",
            autocompletion=names.complete_store,
        ),
    ] = "all",
    as_json: flags.Json = False,
) -> None:
    """Hold a snapshot against its signature and hashes.

    Reads every file of it, in each store that holds it. The exit code is 6 when a byte is wrong.

    For example:
      portico verify 3f9a2c71
      portico verify 3f9a2c71 --store mirror
    """
    config = place.config(ctx)
    place.ledger(ctx)
    digest = names.snapshot(snapshot, names.held(config))
    found = [_checked(name, held, digest, config) for name, held in _asked(config, store, digest).items()]
    if as_json:
        listed = [{"store": one.store, "files": one.files, "bad": list(one.bad)} for one in found]
        screen.dump({"snapshot": digest, "stores": listed})
    else:
        for one in found:
            screen.say(f"{one.store:<8} {one.said}, {words.count(one.files, 'file')} checked")
    if bad := [line for one in found for line in one.bad]:
        raise IntegrityError(bad[0], where=words.short(digest), hint=_more(bad))


def _more(bad: list[str]) -> str:
    others = f"and {len(bad) - 1} more; " if len(bad) > 1 else ""
    return f"{others}the copy is refused, and repaired from another store while the keeper runs"


def _asked(config: Config, store: str, digest: Digest) -> dict[str, Store]:
    stores = names.stores(config)
    if store != "all":
        names.known(store, [*stores, "all"], what="store")
        return {store: stores[store]}
    return {name: held for name, held in stores.items() if held.manifest(digest).exists()}


def _checked(name: str, store: Store, digest: Digest, config: Config) -> Checked:
    key = signing.load_public(config.home.public_key)
    try:
        report = check.snapshot(store, digest, key)
    except IntegrityError as error:
        return Checked(name, 1, (str(error),))
    except read.UnknownSnapshotError as error:
        raise UnavailableError(f"{name} doesn't hold this snapshot", where=words.short(digest)) from error
    return Checked(name, report.checked, tuple(f"{bad.where}: {bad.what}" for bad in report.bad))


def diff(ctx: typer.Context, before: Before, after: After, *, as_json: flags.Json = False) -> None:
    """Tell what changed between two snapshots.

    For example:
      portico diff 3f9a2c71 b04e11d2
      portico diff 3f9a b04e --json | jq -r '.changed[]'
    """
    config = place.config(ctx)
    place.ledger(ctx)
    held = names.held(config)
    old, new = names.snapshot(before, held), names.snapshot(after, held)
    found = comparing.compare(config, old, new)
    if as_json:
        screen.dump(comparing.document(old, new, found))
    else:
        comparing.show(old, new, found)


def gc(
    ctx: typer.Context,
    *,
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Delete snapshots that are out of retention.

    snapshots/keep and snapshots/keep_days of the settings say what stays; what is live always does.

    For example:
      portico gc --dry-run
      portico gc
    """
    config, ledger = place.config(ctx), place.ledger(ctx)
    freed = collecting.sweep(config, collecting.kept(config, ledger, time.time()), dry_run=dry_run)
    if as_json:
        stores = {
            name: {"snapshots": one.snapshots, "files": one.files, "bytes": one.size}
            for name, one in freed.items()
        }
        screen.dump({"dry_run": dry_run, "stores": stores})
        return
    would = "would delete" if dry_run else "deleted"
    for name, one in freed.items():
        files = f"{words.count(one.files, 'file')}, {words.size(one.size)}"
        screen.say(f"{name:<8} {would} {words.count(len(one.snapshots), 'snapshot')}, {files}")
