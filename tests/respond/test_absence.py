"""A time in which nothing ran is told once, by whoever comes back; a part's own restart is another story."""

from __future__ import annotations

from pathlib import Path

import pytest

from portico.config.models import Settings
from portico.config.watching import Watch
from portico.keeper import arrival
from portico.ledger.ledger import Ledger
from portico.model import Severity
from portico.respond import absence
from portico.watch.series import read, store
from portico.watch.slo.judge import Slos

BEGAN = 1_700_000_000.0


class Home:
    """A real ledger by a clock that the test sets, and what keeper and watcher write there."""

    settings = Settings()

    def __init__(self, folder: Path) -> None:
        self.now = BEGAN
        self.ledger = Ledger(folder / "ledger.db", now=lambda: self.now)

    def arrive(self, *, edge_runs: bool) -> None:
        arrival.note(self.ledger, edge_runs=edge_runs)
        self.ledger.record("keeper.started", "keeper", pid=7)
        if not edge_runs:
            self.ledger.record("edge.started", "edge")

    def run(self, seconds: float) -> None:
        self.now += seconds
        self.ledger.see("status", {})
        self.ledger.see("watch", {})

    def kinds(self) -> list[str]:
        return [event.kind for event in self.ledger.events()]

    def told(self) -> list[str]:
        return [found.sentence for found in absence.Telling(self.ledger).findings(self.now).values()]


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    made.arrive(edge_runs=False)
    made.run(600)
    yield made
    made.ledger.close()


def after_a_power_cut(home: Home, seconds: float) -> None:
    home.now += seconds
    home.arrive(edge_runs=False)


def test_a_first_start_is_no_absence(home: Home):
    assert home.kinds() == ["keeper.started", "edge.started"]
    assert home.told() == []


def test_a_power_cut_is_told_with_its_times(home: Home):
    after_a_power_cut(home, 42)
    (sentence,) = home.told()
    assert sentence.startswith("Portico was not running from ")
    assert sentence.endswith(" (42 s): visitors got no answer.")


@pytest.mark.parametrize(("seconds", "severity"), [(25, Severity.WARNING), (26, Severity.CRITICAL)])
def test_as_much_as_burns_the_budget_fast_is_critical(home: Home, seconds: float, severity: Severity):
    after_a_power_cut(home, seconds)
    (found,) = absence.Telling(home.ledger).findings(home.now).values()
    assert found.severity is severity


def test_it_is_over_after_a_minute_whatever_becomes_of_the_watcher(home: Home):
    after_a_power_cut(home, 42)
    telling = absence.Telling(home.ledger)
    assert telling.findings(home.now + 59)
    assert not telling.findings(home.now + 60)
    home.now += 30
    assert home.told()
    home.now += 30
    assert not home.told()


def test_what_was_asked_for_is_not_told(home: Home):
    home.ledger.record("stack.stopped")
    after_a_power_cut(home, 4200)
    assert home.told() == []
    assert "keeper.died" not in home.kinds()


def test_an_absence_before_the_last_stop_is_not_told_again(home: Home):
    after_a_power_cut(home, 42)
    home.run(60)
    home.ledger.record("stack.stopped")
    home.arrive(edge_runs=False)
    assert home.told() == []


def test_a_machine_that_was_shut_down_in_order_was_down_all_the_same(home: Home):
    home.ledger.record("keeper.stopped", "keeper")
    after_a_power_cut(home, 120)
    assert home.told()


def test_a_keeper_alone_that_died_is_no_absence_but_told_as_that(home: Home):
    home.now += 20
    home.arrive(edge_runs=True)
    assert home.told() == []
    (died,) = home.ledger.events(kind="keeper.died")
    assert died.data == {"pid": 7, "since": home.now - 20}


def test_a_keeper_that_was_told_to_end_did_not_die(home: Home):
    home.ledger.record("keeper.stopped", "keeper")
    home.now += 20
    home.arrive(edge_runs=True)
    assert "keeper.died" not in home.kinds()


def test_the_absence_is_counted_once_as_looks_that_failed(home: Home, tmp_path: Path):
    after_a_power_cut(home, 600)
    series = store.Store(tmp_path / "series", Watch(), now=lambda: home.now)
    for _ in range(2):
        for at, looks in absence.Telling(home.ledger).missed(2):
            series.append(at, looks)
    states = Slos(home, read.Reader(tmp_path / "series")).look(home.now)
    series.close()
    availability = next(state for state in states if state.objective == "availability")
    assert (availability.good, availability.total) == (0, 300)


def test_of_a_long_absence_the_last_day_is_counted():
    found = list(absence.missed(absence.Absence(1, BEGAN - 7 * 86400, BEGAN), 2))
    assert (len(found), found[-1][0]) == (1440, BEGAN)
