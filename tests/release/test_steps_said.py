from __future__ import annotations

import pytest

from portico.release import steps


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("check", "checked"),
        ("copy:a", "in cluster a"),
        ("copy:mirror", "in the mirror"),
        ("flip", "live"),
        ("seen:b", "seen in cluster b"),
        ("seen", "seen from outside"),
    ],
)
def test_a_step_is_told_in_words(word: str, said: str):
    assert steps.said(word) == said
