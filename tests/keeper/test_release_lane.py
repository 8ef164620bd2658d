from concurrent.futures import Future

from portico.config.home import Home
from portico.config.models import Settings
from portico.keeper import release_lane
from portico.keeper.stack import Stack
from portico.keeper.world import EdgeSeen, World
from portico.kit.errors import UnavailableError
from portico.ledger.ledger import Ledger
from portico.release import procedure
from portico.release.procedure import Progress

NEW, OLD = "1" * 64, "2" * 64


def failing() -> Future[str]:
    ended: Future[str] = Future()
    ended.set_exception(UnavailableError("the edge doesn't answer"))
    return ended


def test_a_way_back_that_fails_ends_the_order_with_its_first_reason():
    flipped = Progress(NEW, before=OLD, done=procedure.plan("publish", ("a", "b"))[:6])
    unseen = release_lane._outcome(flipped, "seen", 0.0, failing())
    assert procedure.next_step("publish", ("a", "b"), unseen) == procedure.BACK
    ended = release_lane._outcome(unseen, procedure.BACK, 0.0, failing())
    assert procedure.next_step("publish", ("a", "b"), ended) is None
    assert ended.why == "seen: the edge doesn't answer"


def test_a_rollback_that_policy_ordered_long_ago_is_not_done_by_a_keeper_that_comes_back(tmp_path):
    ledger = Ledger(tmp_path / "ledger.db", now=lambda: 1000.0)
    number = ledger.order("rollback", {"snapshot": OLD}, by="policy")
    lane = release_lane.ReleaseLane(None, ledger, None, lambda: None)
    lane.tick(ledger.open_orders(), World(1600.0, {}, EdgeSeen()))
    order = ledger.get_order(number)
    assert (order.state, order.result["why"]) == ("failed", "it was decided 600 s ago")
    ledger.close()


def test_a_rollback_of_what_is_not_live_any_more_is_refused(tmp_path):
    ledger = Ledger(tmp_path / "ledger.db", now=lambda: 1000.0)
    ledger.want("snapshot", NEW)
    number = ledger.order("rollback", {"snapshot": OLD, "instead_of": "3" * 64}, by="ada")
    home = Home(tmp_path).create()
    stack = Stack(home, Settings(), None, None, "", "", None)
    lane = release_lane.ReleaseLane(stack, ledger, None, lambda: None)
    lane.tick(ledger.open_orders(), World(1001.0, {}, EdgeSeen()))
    order = ledger.get_order(number)
    assert (order.state, order.result["why"]) == ("failed", "another snapshot went live meanwhile")
    ledger.close()
