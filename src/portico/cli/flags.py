"""Options that several commands take, in the same words."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Return at once with the order's number.")]
