"""A disk small enough to be filled."""

import pytest

from support import smalldisk


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MiB of its own."""
    with smalldisk.mounted(tmp_path / "disk", "1m") as folder:
        yield folder
