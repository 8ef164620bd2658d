"""Any history of writing, with clocks that jump, packing in between and restarts, against a plain model."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from portico.watch.series.read import Reader
from portico.watch.series.shelf import Tier
from portico.watch.series.store import Store
from support.seriesfolder import BEGIN, LONG, expected, rows

KEYS = ("up", "requests_total", 'place{name="ü"}')
END = BEGIN + 30 * 86400

jumps = st.one_of(
    st.sampled_from([5.0] * 6 + [60.0, 600.0]),
    st.sampled_from([3600.0, 86400.0, -5.0, -600.0, -3600.0, -7200.0, -90000.0]),
)
values = st.dictionaries(st.sampled_from(KEYS), st.integers(-1000, 1000).map(float), min_size=1)
steps = st.one_of(
    st.tuples(st.just("append"), jumps, values),
    st.tuples(st.just("append"), jumps, values),
    st.tuples(st.just("append"), jumps, values),
    st.just(("maintain",)),
    st.just(("restart",)),
)


@settings(max_examples=60, deadline=None)
@given(history=st.lists(steps, max_size=40))
def test_every_tier_tells_what_was_written_whatever_the_clock_did(history):
    with tempfile.TemporaryDirectory() as name:
        folder, now = Path(name), BEGIN + 5 * 86400
        model: dict[str, dict[float, float]] = {}
        store, reader = Store(folder, LONG), Reader(folder)
        for kind, *rest in history:
            if kind == "append":
                jump, found = rest
                now = min(max(BEGIN, now + jump), END - 1)
                store.append(now, found)
                for key, value in found.items():
                    model.setdefault(key, {})[now] = value
            elif kind == "maintain":
                store.maintain(now)
            else:
                store.close()
                store = Store(folder, LONG)
        for _ in range(2):
            holds(reader, model)
            store.maintain(END + 3600)
        store.close()
        holds(Reader(folder), model)
        assert store.troubles() == reader.troubles() == []


def holds(reader: Reader, model: dict[str, dict[float, float]]) -> None:
    assert [known.key for known in reader.names()] == sorted(model)
    for key, series in model.items():
        assert rows(reader, key, Tier.MINUTE, BEGIN, END) == expected(series, 60)
        assert rows(reader, key, Tier.HOUR, BEGIN, END) == expected(series, 3600)
        read = rows(reader, key, Tier.RAW, BEGIN, END)
        assert [(row.at, row.sum) for row in read] == sorted(series.items())
