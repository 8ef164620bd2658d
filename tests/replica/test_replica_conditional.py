"""Validators and byte ranges, as RFC 9110 says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.replica import conditional
from portico.replica.conditional import Span

DIGEST = "0123456789abcdef" * 4
TAG = conditional.etag(DIGEST, "")
WEAK = conditional.etag(DIGEST, "br")
AT = 1_700_000_000
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"


def test_the_raw_bodys_tag_is_strong_and_an_encodings_is_weak_and_another():
    assert TAG == '"0123456789abcdef0123456789abcdef"'
    assert WEAK == 'W/"0123456789abcdef0123456789abcdef-br"'
    assert len({conditional.etag(DIGEST, name) for name in ("", "br", "zstd", "gzip")}) == 4


@pytest.mark.parametrize(
    ("header", "tag", "unchanged"),
    [
        (TAG, TAG, True),
        (f"W/{TAG}", TAG, True),
        (WEAK, WEAK, True),
        (WEAK.removeprefix("W/"), WEAK, True),
        (f'"other", {TAG}', TAG, True),
        (f'"a, b",{WEAK} , "c"', WEAK, True),
        ("*", TAG, True),
        (" * ", TAG, True),
        ('"other"', TAG, False),
        (WEAK, TAG, False),
        (TAG.strip('"'), TAG, False),
        ("", TAG, False),
    ],
)
def test_a_tag_is_compared_weakly_and_in_lists(header: str, tag: str, unchanged: bool):
    assert conditional.unchanged(header, None, tag, AT) is unchanged


@pytest.mark.parametrize(
    ("date", "unchanged"),
    [
        (DATE, True),
        ("Tue, 14 Nov 2023 22:13:21 GMT", True),
        ("Tue, 14 Nov 2023 22:13:19 GMT", False),
        ("Tuesday, 14-Nov-23 22:13:20 GMT", True),
        ("yesterday", False),
        ("", False),
        ("Tue, 99 Nov 99999 22:13:20 GMT", False),
    ],
)
def test_a_date_is_compared_to_the_second(date: str, unchanged: bool):
    assert conditional.unchanged(None, date, TAG, AT) is unchanged


def test_a_tag_decides_over_a_date():
    assert not conditional.unchanged('"other"', DATE, TAG, AT)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-99", Span(0, 100)),
        ("bytes=10-", Span(10, 100)),
        ("bytes=99-", Span(99, 100)),
        ("bytes=90-1000", Span(90, 100)),
        ("bytes=-1", Span(99, 100)),
        ("bytes=-1000", Span(0, 100)),
        ("Bytes= 5-6", Span(5, 7)),
        ("bytes=100-", Span(100, 100)),
        ("bytes=100-200", Span(100, 100)),
        ("bytes=-0", Span(100, 100)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=a-b", None),
        ("bytes=1-2,5-6", None),
        ("items=0-5", None),
        ("bytes=0-5-9", None),
        ("bytes=\u0661-\u0662", None),
        ("bytes=0-" + "9" * 30, None),
    ],
)
def test_one_range_of_a_hundred_bytes(header: str, span: Span | None):
    assert conditional.byte_range(header, 100) == span


@given(st.integers(0, 50), st.text("bytes=0123456789-, ", max_size=20).map(lambda text: f"bytes={text}"))
@settings(deadline=None)
def test_a_range_lies_within_the_body_or_is_empty(size: int, header: str):
    span = conditional.byte_range(header, size)
    assert span is None or 0 <= span.start <= span.end <= size


@pytest.mark.parametrize(
    ("if_range", "holds"),
    [
        (None, True),
        (TAG, True),
        (DATE, True),
        (f"W/{TAG}", False),
        ('"other"', False),
        ("Tue, 14 Nov 2023 22:13:21 GMT", False),
    ],
)
def test_a_range_is_served_only_of_the_very_body_that_if_range_names(if_range: str | None, holds: bool):
    assert conditional.range_holds(if_range, TAG, AT) is holds
