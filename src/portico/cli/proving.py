"""`portico drill alert`: fires alerts on purpose and shows how long each took to reach people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape

from portico.cli import names, screen, words
from portico.config.load import Config
from portico.kit.errors import PorticoError
from portico.recover import proof
from portico.recover.proof import Proof
from portico.recover.strikes import STRIKES
from portico.watch.alerts.table import ALERTS

ALL = "all"
_WIDEST = max(map(len, ALERTS))


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
    proofs = []
    for one in proof.prove(chosen, config):
        proofs.append(one)
        if not as_json:
            show(one)
    if as_json:
        screen.dump([{"alert": one.alert, **one.data} for one in proofs])
    if failed := [one.alert for one in proofs if not one.passed]:
        raise PorticoError(f"not proven: {', '.join(failed)}", hint="portico alerts")


def show(one: Proof) -> None:
    """A line as soon as it is known: all of them take minutes."""
    colour, result = (screen.GOOD, "proven") if one.passed else (screen.BAD, "not proven")
    told = f"seen {_after(one.seen_s):>6}  {_sent(one):<11}  {', '.join(one.channels)}"
    screen.out().print(
        f"[{colour}]{result:<10}[/]  {one.alert:<{_WIDEST}}  {told}  [dim]{escape(one.told)}[/]"
    )
    if one.why:
        screen.say(f"            {one.why}", screen.FAIR)


def _sent(one: Proof) -> str:
    """An alert that informs is recorded, and calls nobody."""
    if one.passed and one.sent_s is None:
        return "recorded"
    return f"sent {_after(one.sent_s):>6}"


def _after(seconds: float | None) -> str:
    return "-" if seconds is None else words.duration(seconds)
