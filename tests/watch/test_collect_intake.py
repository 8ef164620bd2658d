"""What the relay tells becomes numbers, and the alerts on them say whose trouble it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from portico.model import Severity
from portico.relay import loop
from portico.relay.carrier import PROBE, Counts
from portico.watch import signal
from portico.watch.alerts import cases, intakes
from portico.watch.alerts.alert import Trouble
from portico.watch.collect import intake
from portico.watch.collect.intake import IntakeCollector, IntakeProbeCollector
from portico.watch.recent import Recent
from portico.watch.view import View
from portico.watch.watched import Watched
from support import collecting
from support.collecting import NOW, numbers

TOLD = {
    **asdict(Counts(delivered=9, spam=2, probes=5, probe_at=NOW - 30, probe_s=0.4)),
    "waiting": 3,
    "oldest_s": 12.5,
    "alone": 1,
    "aside": 0,
    "mail_waiting": 0,
    "mail_oldest_s": 0.0,
}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with collecting.watched(tmp_path) as made:
        yield made


def test_what_waits_is_told_as_the_relay_saw_it(watched: Watched):
    watched.ledger.see(intake.SEEN, TOLD)
    found = numbers(IntakeCollector(watched), NOW + 2)
    assert found["portico_intake_waiting"] == 3
    assert found["portico_intake_oldest_seconds"] == 12.5
    assert found['portico_intake_delivered_total{kind="entry"}'] == 7
    assert found['portico_intake_delivered_total{kind="spam"}'] == 2
    assert found["portico_intake_probe_delivered_seconds"] == 0.4


def test_without_a_relay_nothing_is_told(watched: Watched):
    assert numbers(IntakeCollector(watched), NOW) == {}


def test_before_anything_is_live_nothing_is_posted(watched: Watched):
    assert numbers(IntakeProbeCollector(watched), NOW) == {}


def test_a_door_that_does_not_answer_is_told_and_tried_again_soon(watched: Watched):
    watched.ledger.see("status", {"address": "http://localhost:1/", "snapshot": "f" * 64})
    prober = IntakeProbeCollector(watched)
    assert numbers(prober, NOW)["portico_intake_probe_up"] == 0
    assert prober.every_s == intake.PROBE_AGAIN_S


def test_relay_and_watcher_mean_the_same_form_and_place():
    assert intake.PROBE.endswith(f"/{PROBE}")
    assert intake.SEEN == loop.SEEN


def test_half_a_day_without_delivery_is_critical():
    def found(seconds: float) -> list[Trouble]:
        case = cases.steady(signal.of(intake.OLDEST.name, seconds))
        recent = Recent()
        for key, points in case.points.items():
            for ago, value in sorted(points, reverse=True):
                recent.add(NOW - ago, {key: value})
        stuck = next(alert for alert in intakes.ALERTS if alert.name == "intake-stuck")
        assert stuck.rule
        return list(stuck.rule(View(NOW, recent, {})))

    assert [one.severity for one in found(3600)] == [Severity.WARNING]
    assert [one.severity for one in found(13 * 3600)] == [Severity.CRITICAL]


def test_a_site_without_forms_has_none_that_fail_while_nobody_can_say_so(watched: Watched):
    """With every cluster dead a post gets no 404 any more; that is no news of a form."""
    watched.ledger.see("status", {"address": "http://localhost:1/", "snapshot": "f" * 64})
    answers = iter([404, 503])
    prober = IntakeProbeCollector(watched)
    prober._post = lambda _address: next(answers)
    assert numbers(prober, NOW) == {}
    assert numbers(prober, NOW + 60) == {}
