"""Whatever is found, mended and over in whatever order: what must always hold of incidents."""

from __future__ import annotations

import itertools
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from portico.ledger import incidents as kept
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.respond.incidents import book, grouping, kinds
from portico.respond.incidents.kinds import Kind

BEGAN = 1_700_000_000.0
KEYS = (
    "edge-flood",
    "host-out-of-breath",
    "keeper-down",
    "body-refused:a:3f9a",
    "site-unreachable:edge",
    "slo-burning-fast:availability",
    "edge-down",
    "cluster-down:a",
    "cluster-down:b",
    "replica-hung:a1",
    "replica-errors:b2",
    "disk-low",
    "checker-wrong",
    "anomaly:cpu",
    "certificate-expiring",
    "something-new:x",
)
STRUCK = ("a1", "b1", "mirror")

steps = st.lists(
    st.tuples(
        st.floats(0, 200),
        st.one_of(
            st.tuples(
                st.just("found"), st.sampled_from(KEYS), st.sampled_from(list(Severity)), st.booleans()
            ),
            st.tuples(st.just("over"), st.sampled_from(KEYS)),
            st.tuples(st.sampled_from(["replica.died", "replica.started"]), st.sampled_from(STRUCK)),
            st.tuples(st.just("live"), st.just("f" * 64)),
        ),
    ),
    max_size=25,
)


class Played:
    def __init__(self, *, every_step: bool):
        self.now = BEGAN
        self.every_step = every_step
        self.ledger = Ledger(Path(":memory:"), now=lambda: self.now)
        self.open: dict[str, Finding] = {}
        book.keep(self.ledger, self.now)

    def step(self, pause: float, what: tuple) -> None:
        self.now += pause
        match what:
            case ("found", key, severity, drill):
                if key not in self.open or self.open[key].severity != severity:
                    data = {"drill": True} if drill else {}
                    data = dict(self.open[key].data) if key in self.open else data
                    self.open[key] = Finding(key, severity, f"{key}.", data)
            case ("over", key):
                self.open.pop(key, None)
            case (kind, subject):
                self.ledger.record(kind, subject, cluster=subject.rstrip("12"))
        self.ledger.reconcile_findings(self.open)
        if self.every_step:
            book.keep(self.ledger, self.now)

    def settle(self) -> None:
        book.keep(self.ledger, self.now)


@given(steps, st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_must_always_hold_holds(story, every_step):
    played = Played(every_step=every_step)
    for pause, what in story:
        played.step(pause, what)
    played.settle()
    found = kept.last(played.ledger, 1000)
    _each_open_trouble_is_in_one_open_incident(played, found)
    for incident in found:
        troubles = [one for one in incident.members if not one.evidence]
        assert incident.title
        _its_clusters_were_struck_together(troubles)
        _what_came_late_is_of_its_place(troubles)
        assert len({one.practice for one in incident.members}) == 1, "practised and real never mix"
        if not incident.open:
            assert all(one.over is not None for one in troubles)
        elif troubles and all(one.over is not None for one in troubles):
            assert played.now - incident.ended < grouping.QUIET_S
    told = [event for event in played.ledger.events() if event.kind.startswith("incident.")]
    assert sum(event.kind == "incident.opened" for event in told) == len(found)
    before = played.ledger.events(last=1)
    played.settle()
    assert played.ledger.events(last=1) == before, "asked again, nothing changes"
    played.ledger.close()


def _each_open_trouble_is_in_one_open_incident(played, found) -> None:
    open_keys = [
        one.key for i in found if i.open for one in i.members if one.over is None and not one.evidence
    ]
    assert len(open_keys) == len(set(open_keys))
    wanted = {key for key, finding in played.open.items() if finding.severity is not Severity.INFO}
    assert wanted <= set(open_keys)


def _its_clusters_were_struck_together(troubles) -> None:
    """Or by what strikes one cluster after the other."""
    if any(kinds.of(one) in {Kind.MACHINE, Kind.LOAD, Kind.CHECKER} for one in troubles):
        return
    starts = {}
    for one in troubles:
        for cluster in kinds.clusters(one):
            starts.setdefault(cluster, []).append(one.since)
    near = {
        frozenset({one, other})
        for (one, mine), (other, theirs) in itertools.combinations(starts.items(), 2)
        if min(abs(a - b) for a in mine for b in theirs) <= grouping.COMMON_S
    }
    reached, frontier = set(), list(starts)[:1]
    while frontier:
        cluster = frontier.pop()
        reached.add(cluster)
        frontier += [one for pair in near if cluster in pair for one in pair - reached]
    assert reached == set(starts)


def _what_came_late_is_of_its_place(troubles) -> None:
    """No chains: later than the first minutes only what was there, and slow symptoms, join."""
    for episode in grouping.episodes(troubles):
        young = [one for one in episode if one.since - episode[0].since <= grouping.YOUNG_S + kinds.NOTICED_S]
        before = [one for one in troubles if one.since < episode[0].since]
        for late in episode:
            here = any(grouping._same_place(late, one) for one in (*before, *young) if one is not late)
            assert late in young or here or late.alert.startswith(kinds.SLOW), late.key
