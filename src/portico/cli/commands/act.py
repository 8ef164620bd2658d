"""`portico act`: the actions that Portico takes by itself, asks for, or leaves to people."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape

from portico.cli import acting, flags, names, orders, screen, tale, words
from portico.cli.acting import Counter
from portico.cli.orders import Given
from portico.cli.told import UsageError
from portico.kit.errors import PorticoError
from portico.ledger import asks
from portico.model import Event
from portico.respond.actions import limits, plan, table
from portico.respond.actions.action import Action, Proposal

app = typer.Typer(add_completion=False, no_args_is_help=True)

LONGEST_S = 3600.0
"""A repair of a large store fits in."""

POLICIES = {"automatic": screen.GOOD, "ask": screen.FAIR, "manual": screen.CALM}


class Answer(StrEnum):
    YES = "yes"
    NO = "no"


def _complete(incomplete: str) -> list[tuple[str, str]]:
    known = ((name, one.meaning) for name, one in table.ACTIONS.items())
    return [(name, meaning) for name, meaning in known if name.startswith(incomplete)]


Name = Annotated[
    str, typer.Argument(metavar="NAME", help="The action; list shows them.", autocompletion=_complete)
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask whether it is meant.")]


@app.callback()
def act() -> None:
    """Mend something by a named action, take it back, or answer what Portico asks.

    For example:
      portico act list
      portico act run fail-over a --dry-run
      portico act undo 12
      portico act asks
      portico act answer 3 yes
    """


@app.command("list")
def list_actions(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """List the actions: the policy, what each would do now, when it was last used, how often it still may.

    For example:
      portico act list
      portico act list --json
    """
    now = acting.counter(ctx).now
    rows = [acting.row(one, now) for one in table.ACTIONS.values()]
    if as_json:
        screen.dump(rows)
        return
    shown = screen.table("action", "policy", "last", "left", "what it is for")
    for row in rows:
        colour = POLICIES[row["policy"]]
        left = f"{row['left']['hour']}/h {row['left']['day']}/d"
        policy = f"[{colour}]{row['policy']}[/]"
        shown.add_row(row["name"], policy, acting.last(row, now.now), left, escape(row["meaning"]))
    screen.out().print(shown)
    for row in rows:
        if row["would"]:
            screen.say(f"\n{row['name']} now: {acting.would(row)}", screen.FAIR)


@app.command("run")
def run(  # noqa: PLR0913 - each one is an option
    ctx: typer.Context,
    name: Name,
    args: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ARG]",
            help="A replica, a cluster, a store or a snapshot.",
            autocompletion=names.complete_target,
        ),
    ] = None,
    *,
    yes: Yes = False,
    force: Annotated[
        bool, typer.Option("--force", help="Beyond its limits, and be it the last healthy cluster.")
    ] = False,
    dry_run: flags.DryRun = False,
    no_wait: flags.NoWait = False,
    as_json: flags.Json = False,
) -> None:
    """Carry out an action.

    Without an argument it does what the open findings call for. What it does can mostly be taken back with
    `portico act undo` and the order's number.

    For example:
      portico act run eject-replica a1
      portico act run fail-over a --dry-run
      portico act run shield --yes
      portico act run roll-back --json
    """
    counter, action = acting.counter(ctx), acting.action(name)
    proposal = counter.proposal(action, args or [])
    against = limits.why_not(action, proposal, counter.now)
    if dry_run:
        _show(action, proposal, against, as_json=as_json)
        return
    if against and not force:
        raise PorticoError(against, where=name, hint="--force does it all the same")
    _confirm(proposal.words, yes=yes)
    _follow(counter, counter.give(action, proposal, force=force), wait=not no_wait, as_json=as_json)


@app.command("undo")
def undo(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="The order's number.")],
    *,
    dry_run: flags.DryRun = False,
    no_wait: flags.NoWait = False,
    as_json: flags.Json = False,
) -> None:
    """Take back what an action did.

    Once, by the number of its order, which stands in messages and in `portico events --kind order.`.

    For example:
      portico act undo 12
      portico act undo 12 --dry-run
    """
    counter = acting.counter(ctx)
    order = counter.undoable(number)
    back = plan.undo_of(order)
    if dry_run:
        _answer({"order": number, "would": back.words}, f"would: {back.words}", as_json=as_json)
        return
    given = counter.desk.began(plan.take_back(counter.ledger, order, by=orders.person()))
    _follow(counter, given, wait=not no_wait, as_json=as_json)


@app.command("asks")
def open_asks(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """List what Portico asks: the questions that wait for a yes or a no.

    For example:
      portico act asks
    """
    counter = acting.counter(ctx)
    rows = [acting.asked(ask) for ask in asks.waiting(counter.ledger)]
    if as_json:
        screen.dump(rows)
        return
    if not rows:
        screen.say("nothing is asked")
        return
    shown = screen.table("id", "action", "waits", "expires in", "what a yes does", right=("id",))
    for row in rows:
        waits, left = time.time() - row["at"], row["expires"] - time.time()
        shown.add_row(
            str(row["id"]), row["action"], words.age(waits), words.age(left), escape(str(row["words"]))
        )
    screen.out().print(shown)
    screen.say("\nportico act answer ID yes, or no", screen.CALM)


@app.command("answer")
def answer(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="The question's number.")],
    said: Annotated[Answer, typer.Argument(metavar="yes|no", help="Whether it shall be done.")],
    *,
    no_wait: flags.NoWait = False,
    as_json: flags.Json = False,
) -> None:
    """Answer a question; a yes carries the action out, a no is not asked again.

    For example:
      portico act answer 3 yes
      portico act answer 3 no
    """
    counter = acting.counter(ctx)
    order = asks.decide(counter.ledger, number, said is Answer.YES, orders.person())
    if order is None:
        _answer({"ask": number, "state": asks.REFUSED}, "it will not be done", as_json=as_json)
        return
    _follow(counter, counter.desk.began(order), wait=not no_wait, as_json=as_json)


def _show(action: Action, proposal: Proposal, against: str, *, as_json: bool) -> None:
    result = {
        "action": action.name,
        "would": proposal.words,
        "args": dict(proposal.args),
        "but": against or None,
    }
    said = f"would: {proposal.words}"
    _answer(result, f"{said}\nbut {against}" if against else said, as_json=as_json)


def _confirm(what: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("expected --yes where nobody can be asked", hint=what)
    screen.remark(what)
    typer.confirm("Do it?", abort=True, err=True)


def _follow(counter: Counter, given: Given, *, wait: bool, as_json: bool) -> None:
    if not wait:
        _answer(
            {"order": given.number, "state": "waiting"}, f"order {given.number} is given", as_json=as_json
        )
        return
    order = counter.desk.follow(given, lambda event: _tell(event, quiet=as_json), timeout=LONGEST_S)
    result = {"order": order.id, "kind": order.kind, "state": order.state, **order.result}
    _answer(result, f"done: {plan.told(order)}", as_json=as_json)


def _tell(event: Event, *, quiet: bool) -> None:
    if not quiet and not event.kind.startswith("order."):
        screen.err().print(tale.line(event, event.at))


def _answer(result: dict[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        screen.dump(result)
    else:
        screen.say(said)
