"""The table of commands: their names, their modules and the line that `portico --help` shows."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.main import get_command

from portico.cli import place
from portico.cli.lazy import Lazy, LazyGroup
from portico.cli.version import VERSION

_AT = "portico.cli.commands"
RUN, PUBLISH, OPERATE, LOOK = "Run", "Publish", "Operate", "Look"

TABLE = (
    Lazy("up", f"{_AT}.up:up", "Start the stack, publish the site and watch it run.", RUN),
    Lazy("down", f"{_AT}.down:down", "Stop the stack; nothing is deleted.", RUN),
    Lazy("status", f"{_AT}.status:status", "Show what runs, what is live and what is off.", RUN),
    Lazy("logs", f"{_AT}.logs:logs", "Show what the processes printed.", RUN),
    Lazy("studio", f"{_AT}.studio:app", "Open the studio, look after its people, run its programs.", RUN),
    Lazy("user", f"{_AT}.user:app", "Say who may look and order in the console.", RUN),
    Lazy("config", f"{_AT}.config:app", "Check or show the settings.", RUN),
    Lazy("trust", f"{_AT}.trust:trust", "Tell how to trust the local certificate authority.", RUN),
    Lazy(
        "publish", f"{_AT}.publish:publish", "Freeze the source and make it live everywhere at once.", PUBLISH
    ),
    Lazy("rollback", f"{_AT}.publish:rollback", "Make an earlier snapshot live again.", PUBLISH),
    Lazy(
        "takedown",
        f"{_AT}.takedown:takedown",
        "Remove pages or files from all earlier snapshots, everywhere.",
        PUBLISH,
    ),
    Lazy("watch", f"{_AT}.watch:watch", "Publish whenever the folder changes.", PUBLISH),
    Lazy("snapshots", f"{_AT}.snapshots:snapshots", "List the snapshots.", PUBLISH),
    Lazy("diff", f"{_AT}.snapshots:diff", "Tell what changed between two snapshots.", PUBLISH),
    Lazy("verify", f"{_AT}.snapshots:verify", "Hold a snapshot against its signature and hashes.", PUBLISH),
    Lazy("gc", f"{_AT}.snapshots:gc", "Delete snapshots that are out of retention.", PUBLISH),
    Lazy("restart", f"{_AT}.operate:restart", "Restart replicas one at a time, unnoticed.", OPERATE),
    Lazy("drain", f"{_AT}.operate:drain", "Take a cluster out of service.", OPERATE),
    Lazy("undrain", f"{_AT}.operate:undrain", "Bring a cluster back into service.", OPERATE),
    Lazy("scale", f"{_AT}.operate:scale", "Change the number of a cluster's replicas.", OPERATE),
    Lazy("keeper", f"{_AT}.keeper:keeper", "Run the control loop by hand.", OPERATE),
    Lazy("drill", f"{_AT}.drill:drill", "Break something on purpose, under load, and measure.", OPERATE),
    Lazy(
        "act",
        f"{_AT}.act:app",
        "Mend something by a named action, take it back, or answer what Portico asks.",
        OPERATE,
    ),
    Lazy("ack", f"{_AT}.ack:ack", "Say that you look after an incident; nobody else is called.", OPERATE),
    Lazy("silence", f"{_AT}.silence:app", "Tell nobody of something for a while.", OPERATE),
    Lazy(
        "intake",
        f"{_AT}.intake:app",
        "See what visitors sent, and answer for what is kept of a person.",
        OPERATE,
    ),
    Lazy(
        "statuspage",
        f"{_AT}.statuspage:app",
        "Say on the public status page what happens, in your own words.",
        OPERATE,
    ),
    Lazy("notify", f"{_AT}.notify:app", "List and try the ways to reach people.", OPERATE),
    Lazy(
        "datadog",
        f"{_AT}.datadog:app",
        "Make our dashboards, monitors, SLOs and tests at Datadog, and compare.",
        OPERATE,
    ),
    Lazy("top", f"{_AT}.top:top", "Show whether the homepage is well, and how well it was.", LOOK),
    Lazy("oncall", f"{_AT}.oncall:oncall", "Show who is on call, and who is next.", LOOK),
    Lazy("incidents", f"{_AT}.incidents:incidents", "Show what went wrong, and why probably.", LOOK),
    Lazy("alerts", f"{_AT}.alerts:alerts", "List the alerts: what fires, and what a drill has proven.", LOOK),
    Lazy("slo", f"{_AT}.slo:slo", "Show how the promises to visitors stand.", LOOK),
    Lazy("probe", f"{_AT}.probe:probe", "Look at the site as a visitor does, here or from afar.", LOOK),
    Lazy("metrics", f"{_AT}.metrics:app", "Show what is measured, now and over time.", LOOK),
    Lazy("events", f"{_AT}.events:events", "Show what happened.", LOOK),
    Lazy("ledger", f"{_AT}.ledger:app", "Check the ledger's hash chain.", LOOK),
)


class Commands(LazyGroup):
    table = TABLE


app = typer.Typer(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
    no_args_is_help=False,
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it with the flag's value
    if wanted:
        typer.echo(f"portico {VERSION}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def portico(
    ctx: typer.Context,
    *,
    _home: place.HomeEverywhere = None,
    _file: place.FileEverywhere = None,
    _shown: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Run a homepage so that it is fast and never down: two clusters behind one edge.

    Start here:
      portico up                     serve what portico.toml says, or a whole site to write in
      portico up --detach            the same, in the background
      portico publish                make what changed live
      portico status                 what runs, what is live, what is off
    """
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def command() -> Any:
    """The whole program as one click command."""
    return get_command(app)
