"""Whatever happens in whatever order, people hear of what is wrong, once, and of its end."""

import itertools
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from portico.ledger import incidents, outbox, silences
from portico.notify.failure import Failure
from portico.respond.delivery import joined, policy
from portico.respond.delivery.courier import Courier
from support import telling

TOML = """
[notify]
escalation = ["boss"]
escalate_after_s = 120
repeat_s = 600
[[notify.channels]]
name = "team"
url = "json://127.0.0.1:1"
fallback = "spare"
[[notify.channels]]
name = "boss"
url = "json://127.0.0.1:1"
severity = "critical"
[[notify.channels]]
name = "spare"
url = "json://127.0.0.1:1"
severity = "critical"
"""

ACTS = st.one_of(
    st.tuples(st.just("open"), st.sampled_from(["warning", "critical"])),
    st.tuples(st.sampled_from(["close", "reopen", "acknowledge", "silence", "unsilence"]), st.integers(0, 3)),
    st.tuples(st.just("join"), st.tuples(st.integers(0, 3), st.sampled_from(["warning", "critical"]))),
    st.tuples(st.just("wait"), st.sampled_from([1.0, 5.0, 70.0, 130.0, 700.0])),
    st.tuples(st.sampled_from(["restart", "die"]), st.none()),
    st.tuples(st.just("fail"), st.sampled_from([True, False])),
)


class World:
    """A courier whose messages arrive or fail as the test says; nothing is really sent."""

    def __init__(self, folder):
        self.post = telling.post(folder, TOML)
        self.ledger, self.clock = self.post.ledger, self.post.clock
        self.courier = Courier(self.post.watched)
        self.known, self.number = [], itertools.count()

    def do(self, act, value):
        getattr(self, act)(value)
        self.look()

    def look(self, *, lost=False):
        self.courier._write(self.clock.now)
        for row in outbox.due(self.ledger, self.clock.now):
            if outbox.take(self.ledger, row, self.clock.now + 40) and not lost:
                self.courier._settle(row, None)

    def open(self, severity):
        self.known.append(
            self.post.incident(f"Trouble {next(self.number)}", severity, key="site-unreachable")
        )

    def close(self, index):
        if index < len(self.known) and self.fresh(index).open:
            self.post.close(self.known[index])

    def reopen(self, index):
        if index < len(self.known) and not self.fresh(index).open:
            self.post.reopen(self.known[index])

    def join(self, chosen):
        index, severity = chosen
        if index < len(self.known) and self.fresh(index).open:
            self.post.join(self.known[index], f"disk-low:{next(self.number)}", severity)

    def fresh(self, index):
        return incidents.get(self.ledger, self.known[index].id)

    def acknowledge(self, index):
        if index < len(self.known):
            incidents.acknowledge(self.ledger, self.known[index].id, "anna")

    def silence(self, index):
        silences.add(self.ledger, f"incident={index + 1}", self.clock.now + 300, reason="x", by="anna")

    def unsilence(self, _index):
        for one in silences.holding(self.ledger, self.clock.now)[:1]:
            silences.end(self.ledger, one.id, by="anna")

    def wait(self, seconds):
        self.clock.now += seconds

    def restart(self, _nothing):
        self.courier = Courier(self.post.watched)

    def die(self, _nothing):
        """Taken for sending, and never marked."""
        self.look(lost=True)
        self.restart(None)

    def fail(self, lasting):
        """The next message fails."""
        self.courier._write(self.clock.now)
        for row in outbox.due(self.ledger, self.clock.now)[:1]:
            outbox.take(self.ledger, row, self.clock.now + 40)
            self.courier._settle(row, Failure("it failed", temporary=not lasting))

    def calm(self):
        """Nothing is silenced, nothing fails, and time passes."""
        while silences.holding(self.ledger, self.clock.now):
            self.unsilence(0)
        for _ in range(4):
            self.clock.now += 301
            self.look()
        for _ in range(3):
            self.look()


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, max_size=30))
def test_everybody_hears_once_of_what_is_wrong_and_of_its_end(acts):
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        for act, value in acts:
            world.do(act, value)
        world.calm()
        for index, incident in enumerate(world.known):
            told = outbox.told(world.ledger, [incident.id])
            around = {one.incident for one in told}
            still = any(incidents.get(world.ledger, number).open for number in around)
            hold_for(world.fresh(index), told, over=not still)
        world.ledger.close()


def hold_for(incident, told, *, over):
    mine = [one for one in told if one.incident == incident.id]
    assert len({(one.kind, one.step, one.channel) for one in mine}) == len(mine)
    assert not any(one.state == "waiting" for one in mine)
    for channel in {one.channel for one in mine}:
        heard = [one for one in mine if one.channel == channel and one.state == "sent"]
        kinds = [one.kind for one in heard if one.kind != policy.JOINED]
        for before, kind in itertools.pairwise(["", *kinds]):
            assert kind != policy.RESOLVED or before not in {"", policy.RESOLVED}, kinds
            assert kind not in {policy.REPEATED, policy.WORSE} or before not in {"", policy.RESOLVED}, kinds
            assert kind != policy.AGAIN or before == policy.RESOLVED, kinds
        if kinds:
            assert kinds[-1] != policy.RESOLVED or not incident.open, kinds
            assert kinds[-1] == policy.RESOLVED or not over, kinds
    if incident.open:
        assert any(one.state == "sent" for one in mine)
        marks = {one.step for one in mine if one.kind == policy.JOINED}
        assert {*joined.marks(replace(incident, members=still(incident)))} <= marks


def still(incident):
    return tuple(one for one in incident.members if one.over is None)
