"""The guard does next to nothing, so it is to be next to nothing in memory."""

import subprocess
import sys

LARGE = {"asyncio", "cryptography", "pydantic", "sqlite3", "typer"}


def test_the_guard_loads_no_settings_and_no_library_that_it_does_not_need():
    told = "import sys, portico.keeper.guard; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert LARGE & set(loaded.stdout.split()) == set()
