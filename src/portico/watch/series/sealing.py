"""An hour that is over: its journal becomes a block of samples, and rows of the longer tiers.

Each step puts the same rows into the same places however often it is done, and the journal goes last:
so a writer that is killed anywhere in between has lost nothing and counts nothing twice.
"""

from __future__ import annotations

from portico.watch.series import block, mending
from portico.watch.series.journal import Journal
from portico.watch.series.shelf import HOUR_S, Period, Shelf, Tier, period
from portico.watch.series.table import Cut, Merged, Rolled, Source


def seal(shelf: Shelf, hour: Period) -> int:
    """Pack an hour; returns up to where its journal was read. Raises OSError, PorticoError when it can't."""
    read = Journal(shelf.journal(hour))
    read.follow()
    if read.damage or read.rest:
        mending.tell_of_journal(shelf, hour, read)
    table = read.table()
    if table.times:
        put(shelf, hour, table)
        _derive(shelf, hour)
    return read.end


def check(shelf: Shelf, of: Period) -> None:
    """Read a block whole; where it is damaged, keep what isn't, and make again what the tier below holds."""
    if mending.mend(shelf, of):
        _make_again(shelf, of)


def put(shelf: Shelf, of: Period, table: Source) -> None:
    """Lay a table over what the period's block holds."""
    path = shelf.block(of)
    check(shelf, of)
    if not path.exists():
        block.write(path, table)
        return
    with block.opened(path) as old:
        block.write(path, Merged(old, table))


def _derive(shelf: Shelf, hour: Period) -> None:
    """Roll an hour's samples up into their minutes, and all minutes of that hour into its row."""
    day, month = period(Tier.MINUTE, hour.start), period(Tier.HOUR, hour.start)
    with block.opened(shelf.block(hour)) as samples:
        put(shelf, day, Rolled(samples, Tier.MINUTE.step))
    with block.opened(shelf.block(day)) as minutes:
        put(shelf, month, Rolled(Cut(minutes, hour.start, hour.end), HOUR_S))


def _make_again(shelf: Shelf, of: Period) -> None:
    below, step = _BELOW.get(of.tier, (None, 0.0))
    for source in shelf.blocks(below) if below else ():
        if of.start <= source.start < of.end:
            with block.opened(shelf.block(source)) as finer:
                put(shelf, of, Rolled(finer, step))


_BELOW = {Tier.MINUTE: (Tier.RAW, Tier.MINUTE.step), Tier.HOUR: (Tier.MINUTE, Tier.HOUR.step)}
