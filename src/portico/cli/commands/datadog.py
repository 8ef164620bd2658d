"""`portico datadog`: the dashboards, monitors, SLOs and synthetic tests at Datadog, as the settings say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portico.cli import flags, orders, place, screen
from portico.kit import lock
from portico.kit.errors import ConfigError, UnavailableError
from portico.watch.export.datadog import mark
from portico.watch.export.datadog.account import carry, plan, wanted
from portico.watch.export.datadog.account.plan import Step
from portico.watch.export.datadog.account.thing import Skipped, Thing
from portico.watch.export.datadog.book import Book

if TYPE_CHECKING:
    from portico.config.load import Config
    from portico.watch.export.datadog.account.service import Service

app = typer.Typer(add_completion=False, no_args_is_help=True)

Adopt = Annotated[
    bool, typer.Option("--adopt", help="Take over what bears this site's marks, though no ledger knows it.")
]
_COLOURS = {plan.CREATE: screen.GOOD, plan.UPDATE: screen.FAIR, plan.DELETE: screen.BAD}
_DONE = {
    plan.CREATE: "created",
    plan.UPDATE: "updated",
    plan.DELETE: "deleted",
    plan.FORGET: "forgotten",
    plan.SAME: "unchanged",
    plan.LEAVE: "left alone",
}


@app.callback()
def datadog() -> None:
    """Make our dashboards, monitors, SLOs and tests at Datadog, and compare.

    For example:
      portico datadog apply --dry-run
      portico datadog diff
    """


@app.command()
def apply(
    ctx: typer.Context, *, dry_run: flags.DryRun = False, adopt: Adopt = False, as_json: flags.Json = False
) -> None:
    """Make there what is missing, change what differs, delete what is wanted no longer.

    What Portico didn't make is never touched. Done twice, it does nothing the second time; after a crash or
    an error in the middle, the next run goes on there.

    For example:
      portico datadog apply --dry-run
      portico datadog apply
      portico datadog apply --adopt     after the ledger was lost
    """
    with _at_work(ctx, quiet=as_json) as work:
        things, skipped = wanted.things(work.config.settings, work.site)
        steps = work.planned(things, adopt=adopt)
        done = steps if dry_run else work.carried(steps)
    _tell(done, skipped, as_json=as_json, dry_run=dry_run)


@app.command()
def diff(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """Show what there differs from what it shall be, field by field.

    The exit code is 1 when something does.

    For example:
      portico datadog diff
      portico datadog diff --json
    """
    with _at_work(ctx, quiet=as_json) as work:
        things, skipped = wanted.things(work.config.settings, work.site)
        steps = work.planned(things)
    if as_json:
        _tell(steps, skipped, as_json=True, dry_run=True)
    else:
        _show_changes(steps)
    if not plan.is_done(steps):
        raise typer.Exit(1)


@app.command()
def remove(ctx: typer.Context, *, dry_run: flags.DryRun = False, as_json: flags.Json = False) -> None:
    """Delete there all that Portico made for this site, and nothing else.

    For example:
      portico datadog remove --dry-run
      portico datadog remove
    """
    with _at_work(ctx, quiet=as_json) as work:
        steps = work.planned([])
        done = steps if dry_run else work.carried(steps)
    _tell(done, [], as_json=as_json, dry_run=dry_run)


@dataclass(frozen=True, slots=True)
class _Work:
    config: Config
    site: str
    service: Service
    book: Book
    say: Callable[[str], None]

    def planned(self, things: Sequence[Thing], *, adopt: bool = False) -> list[Step]:
        self.say("asking Datadog what is there")
        return plan.plan(things, self.service.found(self.site), self.book.made(), adopt=adopt)

    def carried(self, steps: Sequence[Step]) -> list[Step]:
        done = []
        there = {step.slug: step.id for step in steps if step.what in {plan.SAME, plan.UPDATE}}
        for step in carry.out(steps, self.service, self.book, there):
            done.append(step)
            self.say(f"{len(done)} of {len(steps)}: {_DONE[step.what]} {step.slug}")
        return done


@contextmanager
def _at_work(ctx: typer.Context, *, quiet: bool) -> Iterator[_Work]:
    """One at a time: two would make everything twice."""
    from portico.watch.export.datadog.account.caller import Caller  # noqa: PLC0415 - the client takes long to import
    from portico.watch.export.datadog.account.service import Service  # noqa: PLC0415 - as above

    config, ledger = place.config(ctx), place.ledger(ctx)
    if config.settings.datadog.api_key_file is None or config.settings.datadog.app_key_file is None:
        raise ConfigError(
            "expected api_key_file and app_key_file", where="datadog", hint="see docs/datadog.md"
        )
    with lock.held(config.home.run / "datadog.lock") as ours, screen.busy("Datadog", quiet=quiet) as say:
        if not ours:
            raise UnavailableError("another portico datadog is at work", temporary=True)
        service = Service(Caller(config.settings.datadog, say))
        yield _Work(config, mark.site_id(config.home.public_key), service, Book(ledger, orders.person()), say)


def _tell(steps: Sequence[Step], skipped: Sequence[Skipped], *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        screen.dump(
            {
                "dry_run": dry_run,
                "steps": [_as_json(step) for step in steps],
                "skipped": [{"slug": one.slug, "why": one.why} for one in skipped],
            }
        )
        return
    for step in steps:
        if step.what != plan.SAME:
            said = step.what if dry_run else _DONE[step.what]
            why = f": {step.why}" if step.why else ""
            screen.say(f"{said:<11} {step.kind:<10} {step.slug}{why}", _COLOURS.get(step.what, ""))
    for one in skipped:
        screen.say(f"skipped {one.slug}, because {one.why}", screen.CALM)
    counts = Counter(step.what for step in steps)
    told = [f"{count} {what if dry_run else _DONE[what]}" for what, count in counts.items()]
    screen.say(", ".join(told) or "nothing there is ours")


def _show_changes(steps: Sequence[Step]) -> None:
    for step in steps:
        if step.what == plan.SAME:
            continue
        why = f": {step.why}" if step.why else ""
        screen.say(f"{step.what} {step.kind} {step.slug}{why}", _COLOURS.get(step.what, ""))
        for change in step.changes:
            screen.say(f"  {change.where}")
            screen.say(f"    there  {change.theirs!r}", screen.BAD)
            screen.say(f"    here   {change.ours!r}", screen.GOOD)
    if plan.is_done(steps):
        screen.say("all of it is as it shall be", screen.GOOD)


def _as_json(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {"what": step.what, "kind": step.kind, "slug": step.slug, "id": step.id or None}
    if step.changes:
        told["changes"] = [
            {"where": one.where, "theirs": one.theirs, "ours": one.ours} for one in step.changes
        ]
    return {**told, "why": step.why} if step.why else told
