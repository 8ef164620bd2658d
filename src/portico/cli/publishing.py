"""Freezing the source and having it published, told step by step. `up`, `publish` and `watch` do it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from portico.cli import screen, words
from portico.cli.orders import Desk
from portico.config.load import Config
from portico.kit.errors import UnavailableError
from portico.model import Digest, Event, Order
from portico.release import loop, steps, studio
from portico.release.studio import Answer
from portico.snapshot import freeze, sources
from portico.snapshot.freeze import Frozen
from portico.store import signing
from portico.store.layout import Store

PATIENCE_S = 600.0
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Published:
    """`order` is None when the snapshot was live already, or nobody waits for it."""

    frozen: Frozen
    seconds: float
    before: Digest | None
    order: Order | None = None
    number: int | None = None

    @property
    def changed(self) -> bool:
        return self.frozen.id != self.before

    def document(self) -> dict[str, Any]:
        """For scripts."""
        return {
            **frozen_document(self.frozen),
            "before": self.before,
            "changed": self.changed,
            "seconds": round(self.seconds, 3),
            "order": self.number,
            "steps": dict(self.order.result.get("steps", {})) if self.order else {},
        }


def ask_studio(config: Config, desk: Desk, *, quiet: bool = False) -> Answer | None:
    """Have the studio freeze what changed. None where none runs: then what it froze last is published."""
    if config.settings.source.kind != "studio":
        return None
    known = desk.ledger.seen(loop.SEEN)
    try:
        with screen.busy("the studio freezes what changed", quiet=quiet):
            answer = studio.freeze(config.home.studio_socket, known[0]["revision"] if known else None)
    except UnavailableError as error:
        screen.remark(f"  the studio froze nothing new: {error.what}", style=screen.FAIR)
        return None
    if answer.why:
        raise studio.refused(answer)
    return answer


def freeze_told(config: Config, *, quiet: bool = False) -> Frozen:
    """Freeze the source, with progress on a terminal. Raises SourceError; nothing is published by it."""
    with screen.busy("freezing", quiet=quiet) as update:
        return _freeze(config, lambda progress: update(_said(progress)))


def _freeze(config: Config, report: freeze.Report) -> Frozen:
    home, asked = config.home, config.settings
    return freeze.freeze(
        sources.of(asked.source, home),
        Store(home.origin),
        home.freezer,
        signing.load_private(home.signing_key),
        options=freeze.Options(
            strict=asked.source.strict,
            brotli_quality=asked.snapshots.brotli_quality,
            workers=asked.snapshots.workers,
        ),
        progress=report,
    )


_PHASES = {
    "look": "looking at files",
    "read": "reading what changed",
    "links": "checking links",
    "write": "writing",
}


def _said(progress: freeze.Progress) -> str:
    far = f"{progress.done:,} of {progress.total:,}" if progress.total else f"{progress.done:,}"
    return f"freezing: {_PHASES.get(progress.phase, progress.phase)}, {far}"


def frozen_document(frozen: Frozen) -> dict[str, Any]:
    """For scripts: the snapshot, and what of the source is not as it should be."""
    return {
        "snapshot": frozen.id,
        "paths": frozen.paths,
        "bytes": frozen.size,
        "changed_items": frozen.changed,
        "broken_total": frozen.broken_total,
        "broken": [asdict(link) for link in frozen.broken],
        "warnings": list(frozen.warnings),
        "freeze_seconds": round(frozen.seconds, 3),
    }


def publish(
    desk: Desk, frozen: Frozen, asked: Answer | None = None, *, wait: bool = True, quiet: bool = False
) -> Published:
    """Have a frozen snapshot made live, unless it is. Raises PorticoError with the keeper's words."""
    began = time.monotonic()
    before = wanted(desk)
    if frozen.id == before and not frozen.new:
        return Published(frozen, 0.0, before)
    gone = {"takedown": asked.takedown, "lifted": asked.lifted} if asked else {}
    args = {key: list(paths) for key, paths in gone.items() if paths}
    desk.ledger.record("frozen", frozen.id, seconds=round(frozen.seconds, 3))
    given = desk.give("publish", {"snapshot": frozen.id, **args})
    if not wait:
        return Published(frozen, 0.0, before, number=given.number)
    order = desk.follow(given, (lambda _event: None) if quiet else tell_step, timeout=PATIENCE_S)
    return Published(frozen, time.monotonic() - began, before, order, given.number)


def rolled_back(desk: Desk, frozen: Frozen) -> bool:
    """Whether somebody went back from this very snapshot and the source is unchanged; `up` respects it."""
    live = wanted(desk)
    if live in {None, frozen.id} or frozen.previous != frozen.id:
        return False
    return any(event.subject == frozen.id for event in desk.ledger.events(kind="released"))


def wanted(desk: Desk) -> Digest | None:
    """What is live, or will be as soon as the keeper gets to it."""
    found: Digest | None = desk.ledger.wanted().get("snapshot")
    return found


def tell_frozen(frozen: Frozen) -> None:
    """What was frozen, and what of it is not as it should be."""
    sizes = f"{words.count(frozen.paths, 'path')}, {words.size(frozen.size)}"
    tell_line("frozen", frozen.seconds, f"{words.short(frozen.id)}  {sizes}, {frozen.changed:,} changed")
    _warn(
        [f"{link.page} -> {link.target}: {link.why}" for link in frozen.broken],
        frozen.broken_total,
        "broken link",
    )
    _warn(frozen.warnings, len(frozen.warnings), "warning")


def _warn(lines: Sequence[str], total: int, noun: str) -> None:
    if not total:
        return
    screen.remark(f"  {words.count(total, noun)}:", style=screen.FAIR)
    for line in lines[:MOST_TOLD]:
        screen.remark(f"    {line}", style=screen.CALM)
    if total > MOST_TOLD:
        screen.remark(
            f"    and {total - MOST_TOLD:,} more: portico publish --dry-run --json", style=screen.CALM
        )


def tell_step(event: Event) -> None:
    if event.kind == "publish.step":
        seconds = float(event.data.get("seconds") or 0.0)
        tell_line(steps.said(str(event.data["step"])), seconds, str(event.data.get("note") or ""))


def tell_line(what: str, seconds: float, note: str = "") -> None:
    """`  in cluster a         12 ms  104 bodies`."""
    screen.say(f"  {what:<20} {words.duration(seconds):>8}  {note}".rstrip())
