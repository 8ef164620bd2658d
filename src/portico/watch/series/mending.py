"""Damage: found by reading everything, set aside for whoever wants to look, told; what is whole is kept."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from portico.kit import files
from portico.kit.errors import PorticoError
from portico.watch.series import block, frames
from portico.watch.series.block import Block, Stamp
from portico.watch.series.frames import Damage
from portico.watch.series.journal import Journal
from portico.watch.series.shelf import Period, Shelf

KEEP = 8
"""So many damaged files are kept, the newest."""

TOLD_S = AGAIN_S = 86400.0
WHY = ".why"


def mend(shelf: Shelf, of: Period) -> bool:
    """Whether the period's block was damaged; then what is whole of it has taken its place."""
    path = shelf.block(of)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return False
    if block.is_whole(data):
        return False
    with block.opened(path) as hurt:
        known = len(hurt.keys)
        lost = sum(hurt.columns(key) is None for key in hurt.keys)
        _set_aside(shelf, path, f"{of.name} was damaged: {_loss(hurt, lost, known)}")
        if known > lost:
            block.write(path, hurt)
        else:
            path.unlink()
    return True


def _loss(hurt: Block, lost: int, known: int) -> str:
    if not hurt.index.damage:
        return f"{lost} of its {known} series are lost"
    return f"{hurt.index.damage}, {known - lost} series of it could be read"


def look(shelf: Shelf, hour: Period) -> None:
    """Read a journal that is being written. Raises OSError, and PorticoError when it is damaged."""
    try:
        data = shelf.journal(hour).read_bytes()
    except FileNotFoundError:
        return
    bad = [found for found in frames.scan(data) if isinstance(found, Damage)]
    if octets := sum(len(one) for one in bad if not frames.is_torn(data, one)):
        raise PorticoError(f"{octets} bytes of its samples can't be read")


def tell_of_journal(shelf: Shelf, hour: Period, read: Journal) -> None:
    octets = sum(map(len, read.damage)) + read.rest
    unknown = sum(one.layout not in read.layouts for one in read.rounds)
    which = f"{octets} bytes of its samples are lost" + (f", {unknown} rounds unreadable" if unknown else "")
    _set_aside(shelf, shelf.journal(hour), f"{hour.name} was damaged: {which}")


def note(shelf: Shelf, of: Period, sentence: str, at: float) -> None:
    """Tell of a loss that left nothing to set aside."""
    shelf.damaged.mkdir(parents=True, exist_ok=True)
    files.write_whole(shelf.damaged / f"{of.name}-{at:.0f}{WHY}", f"{sentence}\n".encode())
    _keep_newest(shelf)


def _set_aside(shelf: Shelf, path: Path, sentence: str) -> None:
    """The name is made from the file's last change, so that doing this again changes nothing."""
    aside = shelf.damaged / f"{path.name}-{path.stat().st_mtime_ns:x}"
    aside.parent.mkdir(exist_ok=True)
    files.write_whole(aside.with_name(aside.name + WHY), f"{sentence}; set aside as {aside.name}\n".encode())
    with contextlib.suppress(FileExistsError):
        os.link(path, aside)
    _keep_newest(shelf)


def _keep_newest(shelf: Shelf) -> None:
    for old in sorted(shelf.damaged.glob(f"*{WHY}"), key=lambda why: why.stat().st_mtime_ns)[:-KEEP]:
        old.with_suffix("").unlink(missing_ok=True)
        old.unlink(missing_ok=True)


def told(shelf: Shelf, now: float) -> list[str]:
    """The sentences of what was found in the last day."""
    found = []
    for why in sorted(shelf.damaged.glob(f"*{WHY}")):
        with contextlib.suppress(OSError):
            if why.stat().st_mtime > now - TOLD_S:
                found.append(why.read_text(errors="replace").strip())
    return found


@dataclass(slots=True)
class Checked:
    """Which blocks were read whole when: each is read when it changed by another hand, and once a day."""

    _seen: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)

    def due(self, path: Path, now: float) -> bool:
        stamp, at = self._seen.get(path, (None, 0.0))
        return stamp != block.stamp(path.stat()) or abs(now - at) >= AGAIN_S

    def done(self, path: Path, now: float) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._seen[path] = (block.stamp(path.stat()), now)


def said(error: OSError | PorticoError) -> str:
    """What an error says, without the path of a temporary file."""
    return error.what if isinstance(error, PorticoError) else error.strerror or str(error)
