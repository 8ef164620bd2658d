from __future__ import annotations

from pathlib import Path

import pytest

from support import freezing


@pytest.fixture
def stack(tmp_path: Path) -> freezing.Stack:
    stack = freezing.Stack(tmp_path)
    stack.write({"index.html": freezing.HOME, "about.html": freezing.ABOUT})
    return stack
