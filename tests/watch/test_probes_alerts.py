from __future__ import annotations

from dataclasses import replace

import pytest

from portico.model import Severity
from portico.watch.alerts import probing
from portico.watch.alerts.alert import Trouble
from portico.watch.answer import What
from portico.watch.probes.report import Report
from portico.watch.recent import Recent
from portico.watch.view import View

NOW = 1000.0
ALERTS = {alert.name: alert for alert in probing.ALERTS}


def seen(target: str, what: What, place: str = "here", **more: object) -> Report:
    known = Report(place, target, what, f"{target} is {what}.", NOW, NOW - 9, 3, NOW - 10, confirmed=True)
    return replace(known, agreeing=(place,), **more)


def troubles(*reports: Report) -> dict[str, list[Trouble]]:
    view = View(NOW, Recent(), {"probes": list(reports)})
    found = {name: list(alert.rule(view)) for name, alert in ALERTS.items() if alert.rule}
    return {name: told for name, told in found.items() if told}


@pytest.mark.parametrize(
    ("target", "what", "names"),
    [
        ("edge", What.UNREACHABLE, {"site-unreachable"}),
        ("edge", What.UNRESOLVED, {"site-unreachable"}),
        ("edge", What.ERROR, {"site-unreachable"}),
        ("edge", What.DEFACED, {"page-defaced"}),
        ("edge", What.INJECTED, {"page-injected"}),
        ("edge", What.STALE, {"page-stale"}),
        ("edge", What.REDIRECT, {"redirect-wrong"}),
        ("edge", What.CERTIFICATE, {"certificate-chain"}),
        ("certificate", What.CERTIFICATE, {"certificate-chain"}),
        ("certificate", What.STALE, {"certificate-chain"}),
        ("certificate", What.UNREACHABLE, set()),
        ("redirect", What.REDIRECT, {"redirect-wrong"}),
        ("redirect", What.UNREACHABLE, {"redirect-wrong"}),
        ("dns", What.UNRESOLVED, {"site-unreachable"}),
        ("a", What.MISPLACED, {"cluster-answers-wrong"}),
        ("a", What.DEFACED, {"cluster-answers-wrong"}),
        ("mirror", What.STALE, {"cluster-answers-wrong"}),
        ("a", What.ERROR, {"cluster-answers-wrong"}),
        ("a", What.UNREACHABLE, set()),
        ("place", What.UNREACHABLE, {"probe-place-silent"}),
    ],
)
def test_each_thing_seen_has_its_alert(target: str, what: What, names: set[str]):
    assert set(troubles(seen(target, what))) == names


def test_a_name_that_was_never_found_from_here_is_no_outage():
    assert troubles(seen("dns", What.UNRESOLVED, good_at=None)) == {}


def test_what_several_places_see_is_told_once_with_all_of_them():
    both = [seen("edge", What.UNREACHABLE, place) for place in ("here", "paris")]
    told = troubles(*(replace(one, agreeing=("here", "paris")) for one in both))
    assert [one.sentence for one in told["site-unreachable"]] == [
        "edge is unreachable. (seen from here, paris)"
    ]


def test_two_clusters_are_two_troubles_each_with_its_cluster():
    told = troubles(seen("a", What.STALE), seen("b", What.DEFACED))["cluster-answers-wrong"]
    assert [(one.place, one.severity, one.data["cluster"]) for one in told] == [
        ("a", Severity.WARNING, "a"),
        ("b", Severity.CRITICAL, "b"),
    ]


def test_plain_http_that_is_gone_with_the_whole_edge_is_not_told_by_itself():
    edge = seen("edge", What.UNREACHABLE, fails=1, confirmed=False)
    assert troubles(seen("redirect", What.UNREACHABLE), edge) == {}
    assert set(troubles(seen("redirect", What.REDIRECT), edge)) == {"redirect-wrong"}


def test_two_silent_places_are_two_troubles():
    told = troubles(seen("place", What.UNREACHABLE, "paris"), seen("place", What.UNREACHABLE, "oslo"))
    assert [one.place for one in told["probe-place-silent"]] == ["paris", "oslo"]


def test_what_is_not_confirmed_or_right_again_fires_nothing():
    assert troubles(seen("edge", What.DEFACED, confirmed=False)) == {}
    assert troubles() == {}


def test_those_that_visitors_feel_page_people_and_a_silent_place_does_not():
    assert {name for name, alert in ALERTS.items() if not alert.felt} == {"probe-place-silent"}
