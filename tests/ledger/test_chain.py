"""The chain of events: whatever is done to it afterwards, it shows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.ledger import chain
from portico.model import Event

DATA = st.dictionaries(st.sampled_from("abc"), st.integers() | st.booleans() | st.text("xyü"), max_size=2)


def chained(*contents):
    events, before = [], chain.GENESIS
    for seq, (kind, subject, data) in enumerate(contents, start=1):
        digest = chain.link(before, seq, seq / 8, kind, subject, data)
        events.append(Event(seq, seq / 8, kind, subject, data, digest))
        before = digest
    return events


EVENTS = st.lists(st.tuples(st.text("kl", min_size=1), st.text("st"), DATA), min_size=1, max_size=8).map(
    lambda contents: chained(*contents)
)


@given(EVENTS)
def test_a_chain_that_nobody_touched_holds(events):
    assert chain.verify(events) == chain.Verification(len(events), events[-1].hash)


@given(EVENTS, st.data())
def test_a_changed_event_is_named(events, data):
    at = data.draw(st.integers(0, len(events) - 1))
    field, value = data.draw(
        st.sampled_from([("at", 99.0), ("kind", "other"), ("subject", "other"), ("data", {"new": 1})])
    )
    events[at] = replace(events[at], **{field: value})
    verified = chain.verify(events)
    assert (verified.broken, verified.checked) == (at + 1, at)
    assert "changed" in verified.reason


@given(EVENTS, st.data())
def test_an_event_with_a_new_hash_breaks_the_one_behind_it(events, data):
    """Who changes an event and makes its hash right must make all later ones anew."""
    at = data.draw(st.integers(0, len(events) - 1))
    before = events[at - 1].hash if at else chain.GENESIS
    event = replace(events[at], kind="other")
    digest = chain.link(before, event.seq, event.at, event.kind, event.subject, event.data)
    events[at] = replace(event, hash=digest)
    assert chain.verify(events).broken == (at + 2 if at + 1 < len(events) else None)
    assert chain.verify(events).head != chained(*[(e.kind, e.subject, e.data) for e in events[:at]])


@given(EVENTS, st.data())
def test_a_removed_event_is_missed(events, data):
    at = data.draw(st.integers(0, len(events) - 1))
    last = at == len(events) - 1
    del events[at]
    assert chain.verify(events).broken == (None if last else at + 1)


@given(EVENTS, st.data())
def test_an_event_put_in_between_is_found(events, data):
    at = data.draw(st.integers(0, len(events) - 1))
    events.insert(at, replace(events[at], kind="forged"))
    assert chain.verify(events).broken is not None


@given(EVENTS)
def test_two_events_that_change_places_are_found(events):
    if len(events) > 1:
        events[0], events[1] = events[1], events[0]
        assert chain.verify(events).broken == 1


def test_an_empty_chain_holds():
    assert chain.verify([]) == chain.Verification(0, chain.GENESIS)


def test_a_link_does_not_depend_on_the_order_of_keys():
    one = chain.link(chain.GENESIS, 1, 0.5, "k", "s", {"a": 1, "b": 2})
    assert one == chain.link(chain.GENESIS, 1, 0.5, "k", "s", {"b": 2, "a": 1})


@pytest.mark.parametrize("other", [(2, "k", "s"), (1, "ks", ""), (1, "", "ks")])
def test_a_link_tells_its_fields_apart(other):
    seq, kind, subject = other
    assert chain.link(chain.GENESIS, 1, 0.5, "k", "s", {}) != chain.link(
        chain.GENESIS, seq, 0.5, kind, subject, {}
    )
