from __future__ import annotations

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.kit import canonical
from portico.watch.answer import Answer, What
from portico.watch.probes import sketch, telling
from portico.watch.probes.expected import Expected
from portico.watch.probes.telling import Known, Told

PAGE = b"<!doctype html><title>Welcome</title>" + b"".join(b"<p>Number %d.</p>\n" % n for n in range(50))
LONG = b"".join(b"<p>Sentence number %d of many in a long page.</p>" % n for n in range(400))
OLD, SNAPSHOT = canonical.digest(b"old"), "f" * 64
EXPECTED = Expected("/", 200, canonical.digest(PAGE), len(PAGE))
KNOWN = Known(lambda: [(OLD, SNAPSHOT)], lambda: sketch.of(PAGE))


def tell(body: bytes, expected: Expected = EXPECTED, status: int = 200, **headers: str) -> Told:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return telling.tell(expected, Answer(status, named, body), KNOWN)


def test_the_bytes_of_the_snapshot_are_right_in_any_coding():
    assert tell(PAGE).what is What.RIGHT
    assert tell(brotli.compress(PAGE), content_encoding="br").what is What.RIGHT


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        (PAGE.replace(b"<title>", b"<script src=//evil></script><title>"), 15),
        (PAGE + b"<iframe src=//evil>", len(PAGE)),
        (PAGE.replace(b"Number 30", b"Call +1 900 now"), PAGE.index(b"Number 30")),
        (PAGE[: len(PAGE) * 3 // 4], None),
    ],
)
def test_ours_with_something_added_changed_or_cut_off_is_injected(changed: bytes, place: int | None):
    told = tell(changed)
    assert told.what is What.INJECTED
    assert place is None or f"at byte {place} " in told.sentence


def test_a_page_that_was_cut_off_says_that_it_ends():
    whole = PAGE[: PAGE.index(b"<p>Number 40")]
    assert tell(whole).sentence.endswith(f"at byte {len(whole)} it ends.")


def test_other_content_is_defaced_and_shows_what_stands_there():
    told = tell(b"<h1>We own\x00 you</h1>" * 9)
    assert told.what is What.DEFACED
    assert "We own. you" in told.sentence


def test_the_body_of_another_snapshot_is_stale_and_names_it():
    told = tell(b"old")
    assert told.what is What.STALE
    assert SNAPSHOT[:12] in told.sentence
    assert canonical.digest(b"old")[:12] in told.sentence


def test_what_unpacks_without_end_is_not_unpacked():
    bomb = brotli.compress(b"\0" * (4 << 20))
    told = tell(bomb, content_encoding="br")
    assert told.what is What.DEFACED
    assert "longer than" in told.sentence


def test_a_status_that_is_not_the_pages_is_an_error():
    assert tell(PAGE, status=503).what is What.ERROR
    assert tell(PAGE, Expected("/x", 404, EXPECTED.digest, EXPECTED.size)).what is What.ERROR


def test_a_changed_or_missing_header_of_the_site_is_injected():
    expected = Expected("/", 200, EXPECTED.digest, len(PAGE), headers=(("x-frame-options", "DENY"),))
    assert tell(PAGE, expected, x_frame_options="DENY").what is What.RIGHT
    assert tell(PAGE, expected).what is What.INJECTED
    assert tell(PAGE, expected, x_frame_options="ALLOW").what is What.INJECTED


@pytest.mark.parametrize("header", ["set-cookie", "refresh", "link"])
def test_a_header_that_does_something_and_is_not_the_sites_is_injected(header: str):
    told = tell(PAGE, **{header: "x"})
    assert told.what is What.INJECTED
    assert header in told.sentence


def test_a_redirect_must_lead_where_the_site_says():
    moved = Expected("/old", 301, location="/new")
    assert tell(b"", moved, 301, location="/new").what is What.RIGHT
    assert tell(b"", moved, 301, location="https://evil.example/").what is What.REDIRECT
    assert tell(b"", moved, 302, location="/new").what is What.REDIRECT
    assert tell(PAGE, moved).what is What.REDIRECT
    assert tell(b"", moved, 503).what is What.ERROR


def test_a_large_body_is_told_by_its_length_and_tag():
    large = Expected("/film", 200, "0" * 64, telling.LARGE + 1)
    whole = {"content_length": str(large.size), "etag": f'"{"0" * 32}"'}
    assert tell(b"", large, **whole).what is What.RIGHT
    assert tell(b"", large, **{**whole, "content_length": "7"}).what is What.DEFACED
    assert tell(b"", large, **{**whole, "etag": '"1"'}).what is What.DEFACED
    assert tell(b"", large, **{**whole, "content_length": "\x1b[2J"}).sentence.isprintable()


def test_what_somebody_else_wrote_is_shown_without_controls_and_not_at_length():
    told = tell(b"", status=302, location="https://evil.example/\x1b[2J\u202e" + "x" * 9000)
    assert "evil.example" in told.sentence
    assert told.sentence.isprintable()
    assert len(told.sentence) < 300


@given(st.integers(0, len(LONG)), st.binary(min_size=1, max_size=200))
def test_whatever_is_put_in_anywhere_most_of_a_page_stays_ours(at: int, put: bytes):
    changed = LONG[:at] + put + LONG[at:]
    found = sketch.compare(sketch.of(LONG), changed)
    assert found.share > telling.OURS
    assert found.at <= at + len(put)


@given(st.binary(max_size=3000), st.binary(max_size=3000))
def test_comparing_never_fails_and_gives_a_share(one: bytes, other: bytes):
    found = sketch.compare(sketch.of(one), other)
    assert 0 <= found.share <= 1
    assert found.at <= len(other)
    assert one[: found.at] == other[: found.at]


def test_a_sketch_is_small_beside_a_long_page():
    assert len(sketch.of(LONG).segments) * 16 < len(LONG) / 5
