from __future__ import annotations

import gzip

import brotli
import pytest
import zstandard

from portico.kit import canonical
from portico.watch import answer
from portico.watch.answer import Answer, What

PAGE = b"<h1>Welcome</h1>" * 20
DIGEST = canonical.digest(PAGE)


ENCODED = {
    "": PAGE,
    "identity": PAGE,
    "br": brotli.compress(PAGE),
    "gzip": gzip.compress(PAGE),
    "zstd": zstandard.compress(PAGE),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_the_right_bytes_are_right_in_any_coding(encoding: str):
    headers = {"content-encoding": encoding} if encoding else {}
    assert answer.judge(Answer(200, headers, ENCODED[encoding]), DIGEST)[0] is What.RIGHT


def test_other_bytes_are_wrong_unless_an_older_snapshot_had_them():
    old = canonical.digest(b"old")
    assert answer.judge(Answer(200, {}, b"old"), DIGEST)[0] is What.WRONG
    assert answer.judge(Answer(200, {}, b"old"), DIGEST, {old})[0] is What.STALE


def test_the_right_bytes_with_an_error_status_are_an_error():
    assert answer.judge(Answer(503, {}, PAGE), DIGEST) == (What.ERROR, "answered 503, expected 200")


@pytest.mark.parametrize("encoding", ["br", "gzip", "zstd", "deflate"])
def test_what_cannot_be_decoded_is_wrong_and_says_so(encoding: str):
    what, why = answer.judge(Answer(200, {"content-encoding": encoding}, b"\xffgarbage"), DIGEST)
    assert what is What.WRONG
    assert encoding in why
