"""`portico drill`: what the README promises, measured on the running stack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from portico.cli import flags, names, place, proving, screen, words
from portico.cli.told import UsageError
from portico.config.load import Config
from portico.kit.errors import PorticoError, UnavailableError
from portico.recover import drill as runner
from portico.recover import terms
from portico.recover.drills.table import DRILLS, fits
from portico.recover.report import Report, Result
from portico.recover.terms import Terms

LIST, ALL, ALERT = "list", "all", "alert"
_COLOURS = {Result.PASSED: screen.GOOD, Result.FAILED: screen.BAD, Result.VOID: screen.FAIR}


def _complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    offered = {
        LIST: "Show the drills.",
        ALL: "Run them all, one after the other.",
        ALERT: "Fire alerts on purpose, and follow them to the people they call.",
    }
    offered.update((name, made().sentence) for name, made in DRILLS.items())
    if (ctx.params.get("asked") or [])[:1] == [ALERT]:
        offered = proving.offered()
    return [(name, sentence) for name, sentence in offered.items() if name.startswith(incomplete)]


def drill(
    ctx: typer.Context,
    asked: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME...", help="The drills to run; list shows them.", autocompletion=_complete
        ),
    ],
    *,
    rate: Annotated[
        float,
        typer.Option(
            min=terms.RATES[0], max=terms.RATES[1], metavar="N", help="Requests a second meanwhile."
        ),
    ] = terms.RATE,
    seconds: Annotated[
        float,
        typer.Option(
            min=terms.SECONDS[0],
            max=terms.SECONDS[1],
            metavar="N",
            help="The load lasts so long at least; 0 is as long as the drill takes.",
        ),
    ] = terms.LASTS,
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Break something on purpose, under load, and measure.

    A drill kills, stops or damages a part of the running stack while visitors are played, and says what they
    noticed, in how many seconds the edge let go of the part and in how many it was whole again. What was
    measured stands in the ledger. The exit code is 1 when a drill failed, 5 when its measurement is void.

    `drill alert NAME` fires an alert, by real damage or by its fixture, and follows it to whom it calls.

    For example:
      portico drill list
      portico drill replica
      portico drill alert cluster-down
      portico drill all --rate 200 --json
    """
    if asked == [LIST]:
        _list(as_json=as_json)
        return
    if asked[0] == ALERT:
        proving.drill(_alerts(asked), place.config(ctx), dry_run=dry_run, as_json=as_json)
        return
    config = place.config(ctx)
    chosen = _chosen(asked, config)
    if dry_run:
        for name in chosen:
            screen.say(f"would run {name}: {DRILLS[name]().sentence}")
        return
    place.ledger(ctx)
    laid = Terms(rate=rate, seconds=seconds)
    reports = [_run(name, config, laid, quiet=as_json) for name in chosen]
    if as_json:
        screen.dump([{"drill": report.drill, **report.data} for report in reports])
    else:
        _show(reports)
    _judge(reports)


def _alerts(asked: Sequence[str]) -> Sequence[str]:
    if len(asked) == 1:
        raise UsageError("expected an alert's name", where="drill alert", hint="portico alerts lists them")
    return asked[1:]


def _chosen(asked: Sequence[str], config: Config) -> list[str]:
    """`all` are those that fit: a site without a studio has no forms to be sent."""
    for name in asked:
        names.known(name, [LIST, ALL, *DRILLS], what="drill")
    if ALL not in asked:
        return list(dict.fromkeys(asked))
    return [name for name in DRILLS if fits(name, config.settings)]


def _list(*, as_json: bool) -> None:
    found = {name: made().sentence for name, made in DRILLS.items()}
    if as_json:
        screen.dump([{"name": name, "sentence": sentence} for name, sentence in found.items()])
        return
    table = screen.table("drill", "what is done")
    for name, sentence in found.items():
        table.add_row(name, sentence)
    screen.out().print(table)


def _run(name: str, config: Config, laid: Terms, *, quiet: bool) -> Report:
    with screen.busy(f"{name}: {DRILLS[name]().sentence}", quiet=quiet):
        return runner.run(name, config, laid)


def _show(reports: Iterable[Report]) -> None:
    columns = ("drill", "result", "sent", "failed", "cut", "retried", "p99", "slowest", "ejected", "healed")
    table = screen.table(*columns, right=columns[2:])
    for report in reports:
        colour = _COLOURS[report.result]
        table.add_row(report.drill, f"[{colour}]{report.result}[/]", *_numbers(report))
    screen.out().print(table)
    for report in reports:
        screen.say(f"{report.drill}: {'; '.join(_remarks(report))}")


def _numbers(report: Report) -> list[str]:
    played = report.played
    counts = [
        f"{played.sent:,}",
        f"{sum(report.failed.values()):,}",
        f"{report.cut:,}",
        f"{played.retried:,}",
    ]
    waits = [words.duration(played.p99 / 1000), words.duration(played.slowest / 1000)]
    return [*counts, *waits, _after(report.eject_s), _after(report.heal_s)]


def _after(seconds: float | None) -> str:
    return "-" if seconds is None else words.duration(seconds)


def _remarks(report: Report) -> list[str]:
    measured = [f"{key.replace('_', ' ')} {_value(value)}" for key, value in report.measured.items()]
    return [line for line in (report.told, report.why, *measured) if line]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(inner)}" for key, inner in value.items())
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _judge(reports: Sequence[Report]) -> None:
    failed = [report for report in reports if report.result is Result.FAILED]
    if failed:
        raise PorticoError(
            failed[0].why, where=f"drill {failed[0].drill}", hint="portico events --kind drill"
        )
    if void := [report for report in reports if report.result is Result.VOID]:
        raise UnavailableError(
            f"the measurement is void: {void[0].why}",
            where=f"drill {void[0].drill}",
            hint="try again on a calmer machine, or with a lower --rate",
            temporary=True,
        )
