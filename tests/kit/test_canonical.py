"""The same value is the same bytes on every machine."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.kit import canonical

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
).filter(lambda value: "\\ud" not in json.dumps(value))


@given(JSON)
def test_a_value_survives_its_bytes(value):
    assert json.loads(canonical.dumps(value)) == value


@given(st.dictionaries(st.text(alphabet=st.characters(codec="utf-8")), st.integers(), max_size=8))
def test_the_order_of_keys_makes_no_difference(value):
    backwards = dict(reversed(value.items()))
    assert canonical.dumps(value) == canonical.dumps(backwards)


def test_the_bytes_are_these_and_no_others():
    assert canonical.dumps({"ü": [1, 2.5, None], "a": True}) == '{"a":true,"ü":[1,2.5,null]}'.encode()


def test_what_json_cannot_say_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical.dumps(float("nan"))


def test_a_digest_is_sha_256_in_lower_case_hex():
    assert canonical.digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
