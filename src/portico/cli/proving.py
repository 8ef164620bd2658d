"""`portico drill alert`: fires alerts on purpose and shows how long each took to reach people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portico.cli import names, screen, words
from portico.config.load import Config
from portico.kit.errors import PorticoError
from portico.recover import proof
from portico.recover.proof import Proof
from portico.recover.strikes import STRIKES
from portico.watch.alerts.table import ALERTS

ALERT, ALL = "alert", "all"


def offered() -> dict[str, str]:
    """What may follow `drill alert`, each with its meaning."""
    return {ALL: "Fire them all, one after the other.", **{name: one.meaning for name, one in ALERTS.items()}}


def drill(asked: Sequence[str], config: Config, *, dry_run: bool, as_json: bool) -> None:
    """Raises PorticoError when one of them did not come through."""
    for name in asked:
        names.known(name, [ALL, *ALERTS], what="alert")
    chosen = list(ALERTS) if ALL in asked else list(dict.fromkeys(asked))
    if dry_run:
        for name in chosen:
            screen.say(f"would fire {name} by {'real damage' if name in STRIKES else 'its fixture'}")
        return
    proofs = [_prove(name, config, quiet=as_json) for name in chosen]
    if as_json:
        screen.dump([{"alert": one.alert, **one.data} for one in proofs])
    else:
        _show(proofs)
    if failed := [one.alert for one in proofs if not one.passed]:
        raise PorticoError(f"not proven: {', '.join(failed)}", hint="portico alerts")


def _prove(name: str, config: Config, *, quiet: bool) -> Proof:
    with screen.busy(f"{name}: {ALERTS[name].meaning}", quiet=quiet):
        return proof.prove(name, config)


def _show(proofs: Iterable[Proof]) -> None:
    columns = ("alert", "result", "how", "seen", "sent", "over", "channels")
    table = screen.table(*columns, right=("seen", "sent", "over"))
    for one in proofs:
        colour, result = (screen.GOOD, "proven") if one.passed else (screen.BAD, "not proven")
        times = [_after(seconds) for seconds in (one.seen_s, one.sent_s, one.over_s)]
        table.add_row(one.alert, f"[{colour}]{result}[/]", one.how, *times, ", ".join(one.channels))
    screen.out().print(table)
    for one in proofs:
        screen.say(f"{one.alert}: {one.told}{f'; {one.why}' if one.why else ''}")


def _after(seconds: float | None) -> str:
    return "-" if seconds is None else words.duration(seconds)
