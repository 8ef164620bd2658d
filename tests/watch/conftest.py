"""Series are looked over whole in each call, however slow the machine is."""

from collections.abc import Iterator

import pytest

from portico.watch.series import store


@pytest.fixture(scope="session", autouse=True)
def unhurried() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "BUDGET_S", 600.0)
        yield
