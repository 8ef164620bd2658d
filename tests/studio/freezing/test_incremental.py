"""The proof: what is frozen step by step is what a freeze from nothing makes, byte by byte."""

from __future__ import annotations

import random

import pytest

from portico.studio.freezing import freeze
from support import edits, frozen


def _proven(studio, folder, dice, chosen):
    for number, some in enumerate(chosen):
        for edit in some:
            edit(dice)
        freeze.run()
        expected = frozen.from_nothing(folder / str(number))
        found = frozen.state(studio.data / "frozen")
        names = ", ".join(edit.__name__ for edit in some)
        assert frozen.difference(found, expected) == [], f"after {names}"


@pytest.mark.timeout(600)
def test_whatever_editors_do_the_incremental_freeze_equals_one_from_nothing(studio_frozen, tmp_path):
    dice = random.Random(8)
    every = dice.sample(edits.EVERY, len(edits.EVERY))
    _proven(studio_frozen, tmp_path, dice, [every[start::4] for start in range(4)])


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(8))
def test_long_courses_of_edits_one_by_one_stay_equal(studio_frozen, tmp_path, seed):
    dice = random.Random(seed)
    _proven(
        studio_frozen,
        tmp_path,
        dice,
        [dice.choices(edits.EVERY, k=dice.choice([1, 1, 3])) for _ in range(50)],
    )
