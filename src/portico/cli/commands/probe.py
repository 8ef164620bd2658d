"""`portico probe`: looking at a site as a visitor does, from wherever this runs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from portico.cli import flags, looking, place, screen
from portico.cli.told import UsageError
from portico.config.watching import HERE
from portico.kit.errors import PorticoError
from portico.watch.probes import trust
from portico.watch.probes.agent import Agent
from portico.watch.probes.correspondence import Correspondent, Watcher
from portico.watch.probes.looks import Outcome
from portico.watch.probes.rounds import FarProbe

Look = Callable[[], Mapping[str, Outcome]]
EVERY_S = 2.0


def probe(  # noqa: PLR0913 - each one is an option
    ctx: typer.Context,
    address: Annotated[
        str, typer.Argument(metavar="[ADDRESS]", help="The site, as `https://example.com/`.")
    ] = "",
    *,
    name: Annotated[str, typer.Option("--from", metavar="NAME", help="What this place is called.")] = "",
    report_to: Annotated[
        str, typer.Option("--report-to", metavar="URL", help="The watcher that is told.")
    ] = "",
    token_file: Annotated[
        Path | None, typer.Option("--token-file", metavar="FILE", help="Holds the watcher's probe token.")
    ] = None,
    trusted: Annotated[
        Path | None, typer.Option("--trust", metavar="FILE", help="A PEM file of more authorities to trust.")
    ] = None,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", min=0.1, max=60)] = 5.0,
    once: Annotated[bool, typer.Option("--once", help="Look once, tell, and end with an exit code.")] = False,
    as_json: flags.Json = False,
) -> None:
    """Look at the site as a visitor does, here or from afar.

    Without an address it looks at this stack: its public address, each cluster and the mirror. With one it
    needs no stack and runs anywhere; given a watcher, it fetches from there what is right, and reports.
    The exit code is 5 when nothing answers, 6 when something else than the site's own bytes is shown.

    For example:
      portico probe --once
      portico probe --once https://example.com/
      portico probe --from paris --report-to https://ops.example.com --token-file probe.token
    """
    if report_to:
        far = _reporting(address, name, Watcher(report_to, _token(token_file)), trusted, timeout)
        shown = _Shown(far.look, as_json, far)
    elif address:
        agent = Agent(_whole(address), trust.context(more=trusted), timeout)
        shown = _Shown(FarProbe(agent, name or HERE).look, as_json)
    else:
        shown = _Shown(looking.at_the_stack(place.config(ctx), place.ledger(ctx)), as_json)
    if once:
        shown.once()
    else:
        shown.until_interrupted()


def _reporting(address: str, name: str, watcher: Watcher, trusted: Path | None, timeout: float) -> FarProbe:
    """A probe that works for a watcher, which it must reach at first, to know that all is well set up."""
    if not name:
        raise UsageError("expected this place's name", hint="--from NAME, one of probes/places")
    correspondent = Correspondent(watcher, name)
    tasks = correspondent.begin()
    agent = Agent(_whole(address or tasks.address), trust.context(more=trusted), timeout)
    return FarProbe(agent, name, correspondent)


def _token(file: Path | None) -> str:
    if file is None:
        raise UsageError("expected the watcher's token", hint="--token-file, a copy of keys/probe.token")
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("the token can't be read", where=str(file), hint=str(error)) from error
    if not re.fullmatch(r"[\w-]+", token):  # else http.client refuses the header, and shows it
        raise UsageError("expected one token", where=str(file), hint="a copy of keys/probe.token")
    return token


def _whole(address: str) -> str:
    whole = address if "://" in address else f"https://{address}"
    if not whole.startswith(("https://", "http://")):
        raise UsageError(f"expected an address such as https://example.com/, got {address!r}")
    return whole


@dataclass(slots=True)
class _Shown:
    """Looks, and what people see of them; `far` is the probe that reports, if any does."""

    look: Look
    as_json: bool
    far: FarProbe | None = None

    def once(self) -> None:
        found = self.look()
        looking.show(found, as_json=self.as_json)
        if trouble := self._trouble():
            raise trouble
        looking.judge(found)

    def until_interrupted(self) -> None:
        """Tells what changed, look after look."""
        before: dict[str, str] = {}
        said = ""
        while True:
            began = time.monotonic()
            found = self.look()
            changed = {name: seen for name, seen in found.items() if before.get(name) != seen.what}
            before = {name: seen.what for name, seen in found.items()}
            looking.tell(changed, as_json=self.as_json)
            trouble = str(self._trouble() or "")
            if trouble != said:
                screen.remark(trouble or "the watcher takes the reports again")
                said = trouble
            time.sleep(max(0.0, began + self._every_s() - time.monotonic()))

    def _trouble(self) -> PorticoError | None:
        asked = self.far.correspondent if self.far else None
        return asked.trouble if asked else None

    def _every_s(self) -> float:
        asked = self.far.correspondent if self.far else None
        return asked.tasks.every_s if asked and asked.tasks else EVERY_S
