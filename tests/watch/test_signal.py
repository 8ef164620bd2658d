"""A series has one name, which tells its metric and labels."""

from hypothesis import given
from hypothesis import strategies as st

from portico.watch import signal

NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)


def test_a_series_is_named_as_prometheus_does():
    assert signal.of("up", 1, cluster="b", at="here").key == 'up{at="here",cluster="b"}'
    assert signal.of("up", 1).key == "up"


@given(NAMES, st.dictionaries(NAMES, st.text(max_size=10), max_size=3))
def test_whatever_the_labels_are_the_name_gives_them_back(name, labels):
    made = signal.Signal(name, 1.0, tuple(sorted(labels.items())))
    assert signal.parse(made.key) == (name, made.labels)
