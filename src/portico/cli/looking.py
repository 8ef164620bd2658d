"""What `portico probe` asks of a stack, and how it shows what was seen."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from portico.cli import screen, words
from portico.config.load import Config
from portico.kit.errors import IntegrityError, PorticoError, UnavailableError
from portico.ledger.ledger import Ledger
from portico.store import signing
from portico.watch.answer import What
from portico.watch.probes import targets
from portico.watch.probes.expected import Expectations
from portico.watch.probes.looks import Outcome
from portico.watch.watched import Watched

_PHASES = ("dns", "tcp", "tls", "first_byte", "total")
_NONE = frozenset({What.UNREACHABLE, What.UNRESOLVED, What.ERROR})


def at_the_stack(config: Config, ledger: Ledger) -> Callable[[], dict[str, Outcome]]:
    """A look at all targets of the stack, one after the other."""
    key = signing.load_public(config.home.public_key)
    watched = Watched(config.home, config.settings, config.file, ledger, key)
    known = targets.of_stack(watched, Expectations(watched))

    def look() -> dict[str, Outcome]:
        found = {target.name: _look(target) for target in known}
        return {name: seen for name, seen in found.items() if seen}

    return look


def _look(target: targets.Target) -> Outcome | None:
    try:
        return target.look()
    except (PorticoError, OSError) as error:
        return Outcome(What.UNKNOWN, f"{target.name} could not be looked at: {error}")


def show(found: Mapping[str, Outcome], *, as_json: bool) -> None:
    """All of a round: the phases as a table, then a sentence each."""
    if as_json:
        screen.dump({name: _values(seen) for name, seen in found.items()})
        return
    table = screen.table(
        "target", "seen", *(_heading(phase) for phase in _PHASES), right=tuple(map(_heading, _PHASES))
    )
    for name, seen in found.items():
        colour = screen.GOOD if seen.ok else screen.FAIR if seen.what is What.UNKNOWN else screen.BAD
        table.add_row(
            name, f"[{colour}]{seen.what}[/{colour}]", *(_took(seen.phases.get(phase)) for phase in _PHASES)
        )
    screen.out().print(table)
    screen.say()
    for name, seen in found.items():
        screen.say(f"{name}: {seen.sentence}" if seen.sentence.startswith("/") else seen.sentence)


def tell(changed: Mapping[str, Outcome], *, as_json: bool) -> None:
    """A line for each target that is seen otherwise than before."""
    at = time.time()
    for name, seen in changed.items():
        if as_json:
            screen.say(json.dumps({"at": at, "target": name, **_values(seen)}, ensure_ascii=False))
        else:
            screen.say(
                f"{words.clock(at, at)}  {name}  {seen.what}  {seen.sentence}", "" if seen.ok else screen.BAD
            )


def judge(found: Mapping[str, Outcome]) -> None:
    """Raises what ends the command with the exit code of the worst that was seen."""
    if not found:
        raise UnavailableError("there is nothing to look at: nothing was published", hint="portico publish")
    bad = {name: seen for name, seen in found.items() if not seen.ok}
    if not bad:
        return
    what = ", ".join(f"{name}: {seen.what}" for name, seen in bad.items())
    seen = {one.what for one in bad.values()}
    if seen <= _NONE:
        raise UnavailableError(what)
    if seen & {What.INJECTED, What.DEFACED, What.STALE, What.MISPLACED}:
        raise IntegrityError(what)
    raise PorticoError(what)


def _values(seen: Outcome) -> dict[str, Any]:
    phases = {phase: round(took, 6) for phase, took in seen.phases.items()}
    return {"seen": seen.what, "sentence": seen.sentence, "seconds": phases, "bad": list(seen.bad)}


def _heading(phase: str) -> str:
    return phase.replace("_", " ")


def _took(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else words.duration(seconds)
