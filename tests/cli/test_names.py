from __future__ import annotations

import pytest

from portico.cli import names
from portico.cli.told import UsageError

ONE = "3f9a" + "0" * 60
TWO = "3f9a" + "0" * 20 + "1" * 40
OTHER = "b04e" + "1" * 60


def test_a_unique_prefix_names_a_snapshot():
    assert names.snapshot("b04e", [ONE, TWO, OTHER]) == OTHER


def test_a_whole_id_names_itself_even_in_capitals():
    assert names.snapshot(ONE.upper(), [ONE, TWO]) == ONE


def test_an_ambiguous_prefix_lists_those_that_are_meant_so_long_that_they_differ():
    with pytest.raises(UsageError) as refused:
        names.snapshot("3f9a", [ONE, TWO, OTHER])
    assert ONE[:28] in refused.value.what
    assert TWO[:28] in refused.value.what
    assert OTHER[:12] not in refused.value.what


def test_three_characters_are_too_few():
    with pytest.raises(UsageError, match="at least 4 characters"):
        names.snapshot("3f9", [ONE])


def test_an_unknown_id_says_where_to_look():
    with pytest.raises(UsageError) as refused:
        names.snapshot("dead", [ONE])
    assert refused.value.hint == "portico snapshots lists them"


def test_an_unknown_cluster_is_told_with_those_that_there_are():
    with pytest.raises(UsageError) as refused:
        names.cluster("c", ["a", "b"])
    assert refused.value.hint == "one of a, b"
