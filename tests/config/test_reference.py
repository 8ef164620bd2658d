"""The manual, the commented example and the models are one."""

import re
import tomllib

import pytest

from portico.config import load, reference, words
from portico.config.responding import Channel

EXAMPLE = reference.example()
UNCOMMENTED = re.sub(r"^# (\w+ = |\[\[)", r"\1", EXAMPLE, flags=re.MULTILINE)


def test_the_example_as_it_stands_changes_nothing():
    values = tomllib.loads(EXAMPLE)
    assert load.parse(values, where="example") == load.parse({}, where="nothing")


def test_every_key_of_the_example_is_valid_when_its_comment_is_taken_off():
    values = tomllib.loads(UNCOMMENTED)
    load.parse(values, where="example")
    assert {f"{section}/{key}" for section in values for key in values[section]} == set(words.keys())


def test_what_has_a_default_is_shown_with_it_but_for_empty_lists_which_are_shown_by_example():
    given = load.parse(tomllib.loads(UNCOMMENTED), where="example").model_dump()
    defaults = load.parse({}, where="nothing").model_dump()
    different = {
        f"{section}/{key}" for section in defaults for key, value in defaults[section].items()
        if value not in (None, []) and value != given[section][key]
    }  # fmt: skip
    assert different == {"source/kind"}  # the example names a folder


@pytest.mark.parametrize("key", list(words.keys()))
def test_the_manual_tells_every_key_with_its_meaning(key):
    section, name = key.split("/")
    part = reference.manual().split(f"## [{section}]")[1].split("## ")[0]
    row = next(line for line in part.splitlines() if line.startswith(f"| `{name}` |"))
    assert all(cell.strip() for cell in row.strip("|").split(" | "))


def test_each_key_of_a_list_of_tables_is_told_in_a_table_of_its_own():
    part = reference.manual().split("### [[notify.channels]]")[1].split("## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) == list(Channel.model_fields)


def test_the_examples_of_a_list_of_tables_show_each_of_its_keys():
    channels = tomllib.loads(UNCOMMENTED)["notify"]["channels"]
    assert {key for channel in channels for key in channel} == set(Channel.model_fields)
