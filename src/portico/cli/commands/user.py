"""`portico user`: who may look and order in the console."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any

import typer

from portico.cli import flags, orders, place, screen, words
from portico.cli.told import UsageError
from portico.config import console
from portico.config.load import Config
from portico.kit import process
from portico.model import CONSOLE
from portico.operators import accounts, guessing, managing, sessions
from portico.operators.accounts import Account
from portico.operators.book import Book
from portico.operators.operator import Role

app = typer.Typer(add_completion=False, no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What they sign in with.")]
ROLES = "viewer (looks), operator (orders), admin (changes people and policy, too)"


@app.callback()
def user() -> None:
    """Say who may look and order in the console.

    For example:
      portico user add ada --role admin
      portico user list
      portico user reset ada
    """


@app.command()
def add(
    ctx: typer.Context,
    name: Name,
    *,
    role: Annotated[str, typer.Option(metavar="ROLE", help=f"{ROLES}.")],
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Add somebody; prints a link by which they begin, once and within a day.

    For example:
      portico user add ada --role admin
      portico user add grace --role viewer --json | jq -r .url
    """
    config, book = _opened(ctx)
    meant = _role(role)
    accounts.check_new(book, name)
    _end_if(dry_run, {"would": "add", "name": name, "role": meant.word}, as_json=as_json)
    token = managing.add(book, name, meant, by=orders.person())
    _invited(config, name, meant, token, as_json=as_json)


@app.command("list")
def list_(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """List who may, what they may, and how they sign in.

    For example:
      portico user list
      portico user list --json | jq '.[] | select(.role == "admin") | .name'
    """
    found = accounts.everybody(_opened(ctx)[1])
    if as_json:
        screen.dump([_told(account) for account in found])
        return
    if not found:
        screen.say("nobody may look or order in the console yet: portico user add NAME --role admin")
        return
    table, now = screen.table("name", "role", "signs in by", "seen"), time.time()
    for account in found:
        seen = f"{words.age(now - account.seen)} ago" if account.seen else ""
        table.add_row(account.name, account.role.word, _means(account, now), seen)
    screen.out().print(table)


@app.command()
def role(
    ctx: typer.Context,
    name: Name,
    new: Annotated[str, typer.Argument(metavar="ROLE", help=f"{ROLES}.")],
    *,
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Give somebody another role, from the next page on that they open.

    For example:
      portico user role ada operator
    """
    book, meant = _opened(ctx)[1], _role(new)
    before = accounts.check_role(book, name, meant)
    told = {"name": before.name, "role": meant.word, "before": before.role.word}
    _end_if(dry_run, {"would": "role", **told}, as_json=as_json)
    accounts.give_role(book, name, meant, by=orders.person())
    screen.dump(told) if as_json else screen.say(f"{before.name} was {before.role.word}, is {meant.word}")


@app.command()
def invite(
    ctx: typer.Context, name: Name, *, dry_run: flags.DryRun = False, as_json: flags.Json = False
) -> None:
    """Print a new link for somebody who never came; the one of before is void.

    For example:
      portico user invite ada
    """
    config, book = _opened(ctx)
    account = managing.check_invite(book, name)
    _end_if(dry_run, {"would": "invite", "name": account.name}, as_json=as_json)
    token = managing.invite(book, name, by=orders.person())
    _invited(config, account.name, account.role, token, as_json=as_json)


@app.command()
def reset(
    ctx: typer.Context, name: Name, *, dry_run: flags.DryRun = False, as_json: flags.Json = False
) -> None:
    """Void somebody's password, second factors and sessions; prints a link to begin anew.

    Who signs in by the company's provider has these there; `portico user sign-out` ends their sessions here.

    For example:
      portico user reset ada
      portico user reset ada --dry-run
    """
    config, book = _opened(ctx)
    account = managing.check_reset(book, name)
    _end_if(dry_run, {"would": "reset", **_told(account)}, as_json=as_json)
    token = managing.reset(book, name, by=orders.person())
    _invited(config, account.name, account.role, token, as_json=as_json)


@app.command()
def remove(
    ctx: typer.Context, name: Name, *, dry_run: flags.DryRun = False, as_json: flags.Json = False
) -> None:
    """Lock somebody out, at once and for good. What they ordered stays in the ledger under their name.

    For example:
      portico user remove ada
      portico user remove ada --dry-run
    """
    book = _opened(ctx)[1]
    account = accounts.check_role(book, name, None)
    _end_if(dry_run, {"would": "remove", **_told(account)}, as_json=as_json)
    accounts.remove(book, name, by=orders.person())
    screen.dump({"removed": account.name}) if as_json else screen.say(f"{account.name} may no longer")


@app.command("sign-out")
def sign_out(
    ctx: typer.Context, name: Name, *, dry_run: flags.DryRun = False, as_json: flags.Json = False
) -> None:
    """End somebody's sessions, wherever they are signed in. They may sign in again.

    For example:
      portico user sign-out ada
    """
    book = _opened(ctx)[1]
    account = accounts.get(book, name)
    _end_if(dry_run, {"would": "sign out", "name": account.name}, as_json=as_json)
    ended = sessions.end_all(book, account.name, by=orders.person())
    if as_json:
        screen.dump({"signed_out": account.name, "sessions": ended})
        return
    screen.say(f"{account.name} is signed out ({words.count(ended, 'session')})")


@app.command()
def unlock(
    ctx: typer.Context, name: Name, *, dry_run: flags.DryRun = False, as_json: flags.Json = False
) -> None:
    """Let somebody try again at once, after too many wrong passwords or codes.

    For example:
      portico user unlock ada
    """
    book = _opened(ctx)[1]
    account = accounts.get(book, name)
    _end_if(dry_run, {"would": "unlock", "name": account.name}, as_json=as_json)
    guessing.forgive(book, account.name, by=orders.person())
    screen.dump({"unlocked": account.name}) if as_json else screen.say(f"{account.name} may try again")


def _opened(ctx: typer.Context) -> tuple[Config, Book]:
    config = place.config(ctx)
    return config, Book(config.home.operators, place.ledger(ctx))


def _role(word: str) -> Role:
    if word not in accounts.ROLES:
        raise UsageError(f"there is no role {word!r}", hint=f"one of {', '.join(accounts.ROLES)}")
    return Role.of(word)


def _invited(config: Config, name: str, role: Role, token: str, *, as_json: bool) -> None:
    url = f"{console.address(config.home, config.settings.console)}invitation/{token}"
    if as_json:
        screen.dump({"name": name, "role": role.word, "url": url})
        return
    screen.say(url)
    screen.remark(f"  {name} begins there, once and within a day", style=screen.CALM)
    known = process.recall(config.home.record(CONSOLE))
    if not (known and known.alive):
        screen.remark("  the console doesn't run now: portico status", style=screen.FAIR)


def _end_if(dry_run: bool, told: dict[str, Any], *, as_json: bool) -> None:  # noqa: FBT001 - reads as a sentence
    """Say what would be done, and do nothing more."""
    if not dry_run:
        return
    if as_json:
        screen.dump(told)
    else:
        rest = ", ".join(f"{key} {value}" for key, value in told.items() if key in {"role", "before"})
        screen.say(f"would {told['would']} {told['name']}" + (f" ({rest})" if rest else ""))
    raise typer.Exit


def _told(account: Account) -> dict[str, Any]:
    """For a script; who somebody is at the provider is told as a yes."""
    return {**asdict(account), "role": account.role.word, "subject": account.subject is not None}


def _means(account: Account, now: float) -> str:
    found = managing.ways(account, now)
    return f"{found}: portico user invite" if found == "nothing yet" else found
