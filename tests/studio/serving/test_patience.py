from hypothesis import given
from hypothesis import strategies as st

from portico.studio.serving import patience


def test_what_dies_at_once_is_tried_later_and_later():
    waits = [0.0]
    for _ in range(9):
        waits.append(patience.before_next(0.0, waits[-1]))
    assert waits[1] == patience.SHORTEST
    assert waits == sorted(waits)
    assert waits[-1] == patience.LONGEST


def test_after_a_good_life_it_is_tried_at_once():
    assert patience.before_next(patience.STEADY, patience.LONGEST) == patience.SHORTEST


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_the_wait_is_never_without_bounds(lived, waited):
    assert patience.SHORTEST <= patience.before_next(lived, waited) <= patience.LONGEST
