"""A process that writes series until it is killed: `serieswriter.py FOLDER FIRST_ROUND`.

Every hour of its time lasts a few milliseconds, so that it is killed in the middle of packing as often as of
writing. It prints each round's number once that is written.
"""

from __future__ import annotations

import sys
import threading
from itertools import count
from pathlib import Path

from portico.watch.series.store import Store
from support.seriesfolder import BEGIN, LONG

EVERY_S = 60.0
KEYS = [f'portico_thing_total{{part="{number}"}}' for number in range(20)]


def main(folder: str, first: int) -> None:
    now = BEGIN + first * EVERY_S
    store = Store(Path(folder), LONG, lambda: now)

    def maintain() -> None:
        while True:
            store.maintain(now)

    threading.Thread(target=maintain, daemon=True).start()
    for number in count(first):
        now = BEGIN + number * EVERY_S
        store.append(now, {"portico_round": number, **dict.fromkeys(KEYS, 1.0)})
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
