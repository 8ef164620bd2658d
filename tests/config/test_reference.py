"""The manual, the commented example and the models are one."""

import re
import tomllib

import pytest

from portico.config import load, reference, words

EXAMPLE = reference.example()
UNCOMMENTED = re.sub(r"^# (\w+ = )", r"\1", EXAMPLE, flags=re.MULTILINE)


def test_the_example_as_it_stands_changes_nothing():
    values = tomllib.loads(EXAMPLE)
    assert load.parse(values, where="example") == load.parse({}, where="nothing")


def test_every_key_of_the_example_is_valid_when_its_comment_is_taken_off():
    values = tomllib.loads(UNCOMMENTED)
    load.parse(values, where="example")
    assert {f"{section}/{key}" for section in values for key in values[section]} == set(words.keys())


def test_what_has_a_default_is_shown_with_it():
    given = load.parse(tomllib.loads(UNCOMMENTED), where="example").model_dump()
    defaults = load.parse({}, where="nothing").model_dump()
    different = {
        f"{section}/{key}" for section in defaults for key, value in defaults[section].items()
        if value is not None and value != given[section][key]
    }  # fmt: skip
    assert different == set()


@pytest.mark.parametrize("key", list(words.keys()))
def test_the_manual_tells_every_key_with_its_meaning(key):
    section, name = key.split("/")
    part = reference.manual().split(f"## [{section}]")[1].split("## ")[0]
    row = next(line for line in part.splitlines() if line.startswith(f"| `{name}` |"))
    assert all(cell.strip() for cell in row.strip("|").split(" | "))
