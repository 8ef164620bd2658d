"""Who reads that numbers don't arrive reads why."""

from __future__ import annotations

from portico.watch import signal
from portico.watch.alerts import exports
from portico.watch.export import exporter
from portico.watch.export.shipping import Health
from portico.watch.recent import Recent
from portico.watch.view import View
from support import collecting

NOW = 1_800_000_000.0


def told(health: Health, name: str) -> list[str]:
    """The sentences of the alert when this is how the destination does, for a while."""
    found = list(exporter.signals([health]))
    collecting.check(found)
    recent = Recent()
    for ago in (10, 5, 0):
        recent.add(NOW - ago, {one.key: one.value for one in found})
    (alert,) = (one for one in exports.ALERTS if one.name == name)
    assert alert.rule
    return [trouble.sentence for trouble in alert.rule(View(NOW, recent, {"exports": [health]}))]


def test_a_destination_that_is_silent_is_told_with_the_reason():
    health = Health("prometheus", waiting=40, failing_s=720, trouble="it answered 503: too busy")
    assert told(health, "export-silent") == [
        "Nothing has arrived at prometheus for 12 min (it answered 503: too busy). Our own alerts go on."
    ]
    assert told(Health("prometheus", failing_s=60), "export-silent") == []


def test_what_was_lost_is_told_with_the_reason():
    health = Health("collector", refused=4, loss="it answered 400: no tenant")
    (said,) = told(health, "export-losing")
    assert said.startswith("Numbers for collector were lost in the last 5 min: ")
    assert said.endswith("refused 12 (it answered 400: no tenant), dropped 0.")


def test_each_destination_has_its_own():
    recent = Recent()
    for destination in ("one", "two"):
        recent.add(NOW, {signal.of(exporter.FAILING.name, 900, destination=destination).key: 900})
    (alert,) = (one for one in exports.ALERTS if one.name == "export-silent")
    assert alert.rule
    assert {trouble.place for trouble in alert.rule(View(NOW, recent))} == {"one", "two"}
