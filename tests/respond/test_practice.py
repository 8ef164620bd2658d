"""A practised alert goes the whole way, and everybody can tell that it is practised."""

from collections.abc import Iterator

import pytest

from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.respond import practice
from portico.respond.practice import Practised
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.recent import Recent
from portico.watch.view import View


def hot(view: View) -> Iterator[Trouble]:
    if (view.value("heat") or 0) > 100:
        yield Trouble("Too hot.")


HOT = Alert(
    "too-hot", Severity.CRITICAL, "It is too hot.", ("heat",), hot, Case({"heat": ((5, 120.0), (0, 130.0))})
)
KEPT = Alert("cluster-down", Severity.CRITICAL, "A cluster is down.", source="keeper")
ALERTS = {alert.name: alert for alert in (HOT, KEPT)}


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "ledger.db")
    yield opened
    opened.close()


def view(heat=20.0):
    recent = Recent()
    recent.add(995, {"heat": heat, "rain": 3.0})
    return View(1000, recent)


def test_nothing_is_practised_unless_a_drill_asks_for_it(ledger):
    assert practice.asked(ledger, ALERTS, 1000) is None


def test_what_a_drill_asked_for_is_over_when_its_time_is(ledger):
    ledger.see(practice.ASKED, {"name": "too-hot", "until": 1000, "live": False})
    assert practice.asked(ledger, ALERTS, 999) == Practised(HOT, live=False, at=1000)
    assert practice.asked(ledger, ALERTS, 1001) is None


def test_an_alert_that_is_gone_since_is_not_practised(ledger):
    ledger.see(practice.ASKED, {"name": "gone", "until": 1000, "live": False})
    assert practice.asked(ledger, ALERTS, 999) is None


def test_the_fixture_fires_the_rule_and_the_rest_stays_as_measured():
    pretended = practice.overlaid(view(), Practised(HOT, live=False))
    assert list(hot(pretended))
    assert pretended.value("rain") == 3.0
    assert not list(hot(view()))


def test_real_damage_is_seen_as_it_is():
    assert practice.overlaid(view(), Practised(HOT, live=True)) == view()


def test_what_is_practised_says_so_and_what_is_real_does_not():
    real = Finding("disk-low:/", Severity.WARNING, "Full.")
    told = practice.marked(
        {"too-hot": Finding("too-hot", Severity.CRITICAL, "Too hot."), real.key: real},
        Practised(HOT, live=False),
    )
    assert told["too-hot"].sentence == "Drill: Too hot."
    assert told["too-hot"].data == {"drill": "too-hot", "drill_at": 0.0}
    assert told[real.key] == real


def test_an_alert_of_the_keepers_is_found_in_its_place():
    told = practice.marked({}, Practised(KEPT, live=False))
    assert [(found.alert, found.data["drill"]) for found in told.values()] == [
        ("cluster-down", "cluster-down")
    ]
    assert practice.marked({}, Practised(KEPT, live=True)) == {}
