"""`portico studio`: where editors write, and its own programs."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from portico.cli import editing, flags, place, screen, words
from portico.cli.told import UsageError
from portico.config.load import Config
from portico.keeper.helpers import studio as helper
from portico.kit.errors import PorticoError, UnavailableError
from portico.release import studio as asked

app = typer.Typer(add_completion=False, no_args_is_help=True)
user = typer.Typer(add_completion=False, no_args_is_help=True)
app.add_typer(user, name="user")
ROLES = ("author", "editor", "publisher", "admin")
_PASSED = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@app.callback()
def studio() -> None:
    """Open the studio, look after its people, run its programs.

    For example:
      portico studio open
      portico studio user add ada --role editor --email ada@example.com
      portico studio backup studio.db
    """


@user.callback()
def people() -> None:
    """Add people, list them, change what they may do.

    For example:
      portico studio user add ada --role editor --email ada@example.com
      portico studio user list
    """


@app.command("open")
def open_(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """Show the studio in a browser, and tell where it is.

    A studio that nobody signed in to yet is opened with the link by which its first administrator begins.

    For example:
      portico studio open
      portico studio open --json | jq -r .address
    """
    config = _config(ctx)
    link, address = editing.invitation(config), f"{editing.address(config)}studio/"
    if as_json:
        screen.dump({"address": address, "first_sign_in": link})
        return
    screen.say(link or address)
    typer.launch(link or address)


@app.command()
def status(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """Show where the studio is, and how far the last publish came.

    The exit code is 5 when it doesn't run.

    For example:
      portico studio status
      portico studio status --json | jq .published.state
    """
    config = _config(ctx)
    published = _published(config)
    runs = editing.running(config)
    found = {"address": f"{editing.address(config)}studio/", "runs": runs, "published": published}
    if as_json:
        screen.dump(found)
    else:
        screen.say(f"{found['address']}  {'runs' if runs else 'is down'}")
        screen.say(_said(published))
    if not runs:
        raise UnavailableError("the studio doesn't run", where=str(config.home.root), hint="portico status")


@app.command()
def backup(
    ctx: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy is put.")],
    *,
    as_json: flags.Json = False,
) -> None:
    """Copy the database while people work in it.

    The studio makes one a day by itself, too, and keeps a week of them. PostgreSQL has its own means.

    For example:
      portico studio backup studio.db
    """
    config, target = _config(ctx), to.resolve()
    if target.exists():
        raise UsageError(f"{to} is there already", hint="name a new file")
    made = config.home.studio / "backups" / f"by-hand-{time.time_ns()}.db"
    size = asked.backup(config.home.studio_socket, made)
    try:
        shutil.copyfile(made, target)
        target.chmod(0o600)
    finally:
        made.unlink(missing_ok=True)
    screen.dump({"file": str(target), "bytes": size}) if as_json else screen.say(f"{to}, {words.size(size)}")


@app.command(context_settings=_PASSED)
def manage(ctx: typer.Context) -> None:
    """Run one of Django's own commands in the studio.

    For example:
      portico studio manage check --deploy
      portico studio manage shell
    """
    raise typer.Exit(helper.run(editing.stack_of(_config(ctx)), *ctx.args).returncode)


@user.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What they sign in with.")],
    *,
    role: Annotated[str, typer.Option(metavar="ROLE", help=f"One of {', '.join(ROLES)}.")],
    email: Annotated[str, typer.Option(metavar="ADDRESS", help="Where mail reaches them.")] = "",
    as_json: flags.Json = False,
) -> None:
    """Add somebody; prints a link by which they choose a password, once and within a day.

    For example:
      portico studio user add ada --role editor --email ada@example.com
    """
    if role not in ROLES:
        raise UsageError(f"there is no role {role!r}", hint=f"one of {', '.join(ROLES)}")
    link = _people(ctx, "add", name, "--role", role, *(["--email", email] if email else []))
    screen.dump({"name": name, "role": role, "url": link}) if as_json else screen.say(link)


@user.command("list")
def list_(ctx: typer.Context) -> None:
    """List the studio's people and their roles."""
    screen.say(_people(ctx, "list"))


@user.command()
def role(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    new: Annotated[str, typer.Argument(metavar="ROLE", help=f"One of {', '.join(ROLES)}.")],
) -> None:
    """Give somebody another role."""
    _people(ctx, "role", name, new)


@user.command()
def reset(ctx: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Void somebody's password, second factor and sessions; prints a link to begin anew."""
    screen.say(_people(ctx, "reset", name))


@user.command()
def off(ctx: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Lock somebody out, at once."""
    _people(ctx, "off", name)


@user.command()
def on(ctx: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Let somebody in again."""
    _people(ctx, "on", name)


def _people(ctx: typer.Context, *told: str) -> str:
    """What the studio's own program says. Raises PorticoError with its complaint."""
    done = helper.run(editing.stack_of(_config(ctx)), "user", *told, capture_output=True)
    if done.returncode:
        complaint = done.stderr.strip().splitlines() or ["it says nothing about why"]
        raise PorticoError(complaint[-1].removeprefix("CommandError: "), where="the studio")
    return done.stdout.strip()


def _config(ctx: typer.Context) -> Config:
    config = place.config(ctx)
    place.ledger(ctx).close()
    editing.stack_of(config)
    return config


def _published(config: Config) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(config.home.published.read_bytes())
    except (OSError, ValueError):
        return None
    return found


def _said(published: dict[str, Any] | None) -> str:
    if published is None:
        return "nothing was published from it yet"
    steps = ", ".join(step["name"] for step in published["steps"])
    by = f" by {published['by']}" if published["by"] else ""
    if published["state"] == "live":
        return f"revision {published['revision']}{by}: {steps}, {words.duration(published['seconds'])}"
    why = f": {published['why']}" if published["why"] else ""
    return f"revision {published['revision']}{by}: {published['state']}{why}"
