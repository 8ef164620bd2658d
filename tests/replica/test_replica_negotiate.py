"""Which coding a visitor gets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.model import ENCODINGS
from portico.replica import negotiate

ALL = ("br", "zstd", "gzip")


@pytest.mark.parametrize(
    ("accept", "first"),
    [
        (None, ""),
        ("", ""),
        ("identity", ""),
        ("br", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip ; q=0.9 , br;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "zstd"),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("deflate, compress", ""),
        ("br;q=nonsense, gzip", "gzip"),
        ("br;q=7", "br"),
        (",,;;q=1,", ""),
    ],
)
def test_the_best_accepted_coding_comes_first(accept: str | None, first: str):
    assert negotiate.preferred(accept, ALL)[0] == first


def test_only_codings_that_the_store_holds_are_offered():
    assert negotiate.preferred("br, gzip", ("gzip",)) == ("gzip", "")
    assert negotiate.preferred("br, gzip", ()) == ("",)


def test_who_forbids_everything_gets_the_raw_body_all_the_same():
    assert negotiate.preferred("identity;q=0, *;q=0", ALL) == ("",)


ACCEPT = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.tuples(
            st.sampled_from(["br", "gzip", "zstd", "identity", "*", "deflate"]),
            st.sampled_from(["", ";q=0", ";q=0.3", ";q=1", "; Q=0.30"]),
        ).map("".join)
    ).map(",".join),
)


@given(ACCEPT, st.lists(st.sampled_from(ENCODINGS), unique=True).map(tuple))
@settings(deadline=None)
def test_there_is_always_an_answer_and_never_a_coding_that_is_not_held(accept: str, held: tuple[str, ...]):
    found = negotiate.preferred(accept, held)
    assert "" in found
    assert set(found) <= {"", *held}
    assert len(set(found)) == len(found)
