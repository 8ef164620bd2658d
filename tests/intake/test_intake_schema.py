"""A form's schema, and values held to it."""

from __future__ import annotations

import json
import unicodedata
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.intake import judge, post, proof, schema, sent
from portico.intake.judge import Invalid, Situation
from portico.intake.kinds import KINDS
from portico.intake.post import Post
from portico.intake.proof import Challenge
from portico.intake.schema import Field, Schema
from portico.kit.errors import IntegrityError
from support.posting import FORM, GOOD

SECRET = b"of the replicas"
NOON = 1_795_435_200.0


def form(*fields: Field, **more: Any) -> Schema:
    return Schema("contact", fields or (Field("name", "text", required=True),), **more)


def checked(kind: str, *values: str, **more: Any) -> tuple[Any, str]:
    found = schema.check(form(Field("it", kind, **more)), [("it", value) for value in values])
    return found.values["it"], found.problems.get("it", "")


RIGHT = [
    ("text", " Ada  Lovelace ", "Ada  Lovelace"),
    ("text", "Cafe\u0301", "Café"),
    ("text", "\u202eevil\u202c", "evil"),
    ("textarea", "one\r\ntwo\rthree\tfour\n", "one\ntwo\nthree\tfour"),
    ("email", "ada.lovelace+x@mail.example.org", "ada.lovelace+x@mail.example.org"),
    ("email", "müller@exämple.de", "müller@exämple.de"),
    ("url", "https://example.org/a?b#c", "https://example.org/a?b#c"),
    ("number", "-1.5e3", "-1.5e3"),
    ("date", "2026-11-23", "2026-11-23"),
    ("checkbox", "on", "on"),
    ("hidden", "ref", "ref"),
]
WRONG = [
    ("text", "a\nb", "line"),
    ("text", "a\rb", "line"),
    ("text", "a\u2028b", "line"),
    ("text", "a\0b", "line"),
    ("textarea", "a\0b", "text"),
    ("textarea", "a\x1b[0m", "text"),
    ("email", "ada", "email"),
    ("email", "ada@localhost", "email"),
    ("email", "ada@example..org", "email"),
    ("email", "ada@example.org, bob@example.org", "email"),
    ("email", "ada@example.org\nbcc:x@example.org", "email"),
    ("email", "<ada@example.org>", "email"),
    ("email", "=?utf-8?q?@a?=.com", "email"),
    ("email", "a@=?utf-8?q?=0ax-y=3a_z=0a?=.com", "email"),
    ("email", "a" * 250 + "@example.org", "email"),
    ("url", "javascript:alert(1)", "url"),
    ("url", "https://", "url"),
    ("url", "https://[x", "url"),
    ("url", "https://exa mple.org", "url"),
    ("number", "one", "number"),
    ("number", "inf", "number"),
    ("number", "\u0661", "number"),
    ("date", "23.11.2026", "date"),
    ("date", "2026-02-30", "date"),
    ("date", "20261123", "date"),
    ("checkbox", "maybe", "choice"),
    ("hidden", "a\r\nb", "line"),
]


@pytest.mark.parametrize(("kind", "value", "normal"), RIGHT)
def test_a_right_value_is_taken_in_its_one_form(kind: str, value: str, normal: str):
    assert checked(kind, value) == (normal, "")


@pytest.mark.parametrize(("kind", "value", "problem"), WRONG)
def test_a_wrong_value_is_named_and_not_taken(kind: str, value: str, problem: str):
    assert checked(kind, value) == ("", problem)


def test_choices_are_those_of_the_form():
    assert checked("choice", "b", choices=("a", "b")) == ("b", "")
    assert checked("choice", "c", choices=("a", "b")) == ("", "choice")
    assert checked("choice", "a", "b", choices=("a", "b")) == ("", "choice")
    assert checked("choices", "a", "b", "a", choices=("a", "b")) == (("a", "b"), "")
    assert checked("choices", "a", "c", choices=("a", "b")) == ((), "choice")


def test_empty_or_missing_is_only_wrong_where_an_answer_is_required():
    for kind in KINDS:
        empty = () if kind == "choices" else ""
        for values in (), ("",):
            assert checked(kind, *values) == (empty, "")
            assert checked(kind, *values, required=True) == (empty, "required")
    assert checked("text", " \u202e ", required=True) == ("", "required")


def test_a_value_may_be_so_long_and_come_once():
    assert checked("text", "x" * 10, most=10) == ("x" * 10, "")
    assert checked("text", "x" * 11, most=10) == ("", "long")
    assert checked("text", "x", "y") == ("", "text")


def test_a_field_that_the_form_does_not_have_is_dropped():
    found = schema.check(form(), [("name", "Ada"), ("is_admin", "1"), ("_key", "k"), ("_honey", "")])
    assert (found.values, found.problems) == ({"name": "Ada"}, {})
    assert found.about == {schema.KEY: "k", schema.HONEY: ""}


def test_the_schema_that_the_studio_writes_is_read():
    read = schema.parse(json.dumps(FORM).encode())
    assert (read.form, read.thanks, read.honey, read.most_bytes) == ("contact", "/thanks/", "website", 40_000)
    assert read.fields[0] == Field("name", "text", required=True, most=80)


@pytest.mark.parametrize(
    "change",
    [
        {"form": "Contact"},
        {"form": "../x"},
        {"form": ""},
        {"fields": []},
        {"fields": "name"},
        {"fields": [{"name": "x", "type": "file"}]},
        {"fields": [{"name": "x", "type": "text"}] * 2},
        {"fields": [{"name": "_key", "type": "text"}]},
        {"fields": [{"name": "website", "type": "text"}]},
        {"fields": [{"name": "x", "type": "text", "most": -1}]},
        {"fields": [{"name": "x", "type": "choice", "choices": "ab"}]},
        {"thanks": "https://evil.example/"},
        {"thanks": "//evil.example/"},
        {"problem": "/\\evil.example"},
        {"thanks": "/a\r\nset-cookie: x"},
        {"most_bytes": "many"},
        {"says": ["x"]},
    ],
)
def test_a_schema_that_can_not_be_held_to_is_refused(change: dict[str, Any]):
    with pytest.raises(IntegrityError, match="no form's schema"):
        schema.parse(json.dumps(FORM | change).encode())


def test_no_form_may_take_more_than_the_edge_lets_through():
    read = schema.parse(json.dumps(FORM | {"most_bytes": 10**9}).encode())
    assert read.most_bytes == schema.MOST_BYTES


WORDS = st.text(max_size=60)
PAIRS = st.lists(st.tuples(WORDS, WORDS), max_size=30)


@given(pairs=PAIRS)
def test_whatever_a_browser_encodes_is_read_back(pairs: list[tuple[str, str]]):
    try:
        body = urlencode(pairs, encoding="utf-8").encode()
    except UnicodeEncodeError:  # half a letter is in no browser's text
        return
    assert sent.pairs(body) == pairs


@given(body=st.binary(max_size=400))
def test_whatever_arrives_is_pairs_of_text_or_refused(body: bytes):
    try:
        found = sent.pairs(body)
    except ValueError:
        return
    for name, value in found:
        (name + value).encode("utf-8")


@pytest.mark.parametrize(
    ("kind", "is_form"),
    [
        ("application/x-www-form-urlencoded", True),
        ("Application/X-WWW-Form-Urlencoded; charset=UTF-8", True),
        ("multipart/form-data; boundary=x", False),
        ("text/plain", False),
        ("", False),
        (None, False),
    ],
)
def test_only_a_form_without_files_is_one(kind: str | None, is_form: bool):
    assert sent.is_form(kind) is is_form


VALUES = st.sampled_from([value for _, value, _ in (*RIGHT, *WRONG)]) | WORDS
SENT = st.lists(
    st.tuples(st.sampled_from(["name", "email", "message", "website", "_key", "x"]), VALUES), max_size=12
)


@given(pairs=SENT, suspicious=st.booleans())
def test_what_is_taken_is_clean_whatever_was_sent(pairs: list[tuple[str, str]], suspicious: bool):
    asked = schema.parse(json.dumps(FORM).encode())
    found = judge.judge(asked, pairs, Situation("a", NOON, suspicious, SECRET))
    if isinstance(found, Invalid):
        assert set(found.fields.values()) <= set(schema.SAYS.values())
        return
    if isinstance(found, Challenge):
        assert suspicious
        return
    assert set(found.fields) == {"name", "email", "message"}
    for name, value in found.fields.items():
        assert isinstance(value, str)
        wrong = {"Cc", "Cs", "Zl", "Zp"} if name != "message" else {"Cs"}
        assert not [letter for letter in value if unicodedata.category(letter) in wrong]
    assert post.decode(found.encode()) == found
    assert post.parse_name(found.name) == post.Name(found.received_at, found.key, "contact")


def taken(pairs: dict[str, str], now: float = NOON) -> Post:
    found = judge.judge(
        schema.parse(json.dumps(FORM).encode()), pairs.items(), Situation("a", now, False, SECRET)
    )
    assert isinstance(found, Post)
    return found


def test_the_same_words_are_one_post_for_a_day_and_another_the_day_after():
    first, click = taken(GOOD), taken(GOOD | {"_filled_ms": "9000", "_proof": "x"}, NOON + 600)
    assert first.key == click.key
    assert taken(GOOD, NOON + 86_400).key != first.key
    assert taken(GOOD | {"message": "other"}).key != first.key


def test_the_pages_key_holds_for_ever_but_never_hides_other_words():
    first, retry = taken(GOOD | {"_key": "k"}), taken(GOOD | {"_key": "k"}, NOON + 10 * 86_400)
    assert first.key == retry.key
    assert taken(GOOD | {"_key": "k", "message": "other"}).key != first.key
    assert taken(GOOD | {"_key": "l"}).key != first.key


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({}, ""),
        ({"website": ""}, ""),
        ({"website": "x"}, "honeypot"),
        ({"_filled_ms": "1999"}, "too quick"),
        ({"_filled_ms": "2000"}, ""),
        ({"_filled_ms": ""}, ""),
        ({"_filled_ms": "-5"}, ""),
        ({"_filled_ms": "9" * 5000}, ""),
        ({"_filled_ms": "²"}, ""),
    ],
)
def test_spam_is_told_by_the_honeypot_and_by_haste(about: dict[str, str], why: str):
    assert (taken(GOOD | about).spam, taken(GOOD | about).why) == (bool(why), why)


def test_a_form_may_bring_its_own_sentences():
    asked = schema.parse(json.dumps(FORM | {"says": {"required": "Bitte ausfüllen", "else": "x"}}).encode())
    found = judge.judge(asked, [], Situation("a", NOON, False, SECRET))
    assert found == Invalid({"name": "Bitte ausfüllen", "email": "Bitte ausfüllen"})


def test_a_proof_is_for_one_post_in_time_and_by_our_own_challenge():
    key = "a" * 32
    done = proof.solve(proof.challenge(SECRET, key, NOON))
    assert proof.holds(SECRET, done, key, NOON + proof.LASTS_S)
    assert not proof.holds(SECRET, done, key, NOON + proof.LASTS_S + 1)
    assert not proof.holds(SECRET, done, "b" * 32, NOON)
    assert not proof.holds(b"another secret", done, key, NOON)
    head, _, number = done.rpartition(".")
    assert not proof.holds(SECRET, f"{head}.{int(number) + 1}", key, NOON)


@given(text=st.text(max_size=100))
def test_what_is_no_proof_holds_nothing(text: str):
    assert not proof.holds(SECRET, text, "a" * 32, NOON)


@given(data=st.binary(max_size=100))
def test_bytes_that_are_no_post_are_refused(data: bytes):
    with pytest.raises(IntegrityError):
        post.decode(data)
