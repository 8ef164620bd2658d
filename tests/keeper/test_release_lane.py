from concurrent.futures import Future

from portico.keeper import release_lane
from portico.kit.errors import UnavailableError
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
