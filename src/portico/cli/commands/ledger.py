"""`portico ledger verify`."""

from __future__ import annotations

import typer

from portico.cli import flags, place, screen, words
from portico.kit.errors import IntegrityError

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def ledger() -> None:
    """Check the ledger's hash chain.

    For example:
      portico ledger verify
    """


@app.command()
def verify(
    ctx: typer.Context,
    *,
    as_json: flags.Json = False,
) -> None:
    """Check that no event was changed, removed or put in between.

    For example:
      portico ledger verify
    """
    found = place.ledger(ctx).verify()
    if as_json:
        screen.dump(
            {"checked": found.checked, "head": found.head, "broken": found.broken, "reason": found.reason}
        )
    if found.broken is not None:
        raise IntegrityError(
            f"the chain breaks at event {found.broken}: {found.reason}",
            where=str(place.config(ctx).home.ledger),
            hint="what comes before it holds; keep the file, it is evidence",
        )
    if not as_json:
        screen.say(f"{words.count(found.checked, 'event')} in an unbroken chain, head {found.head[:16]}")
