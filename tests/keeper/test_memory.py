import json

from portico.keeper import memory, steps
from portico.keeper.world import Memory


def test_memory_survives_as_json():
    known = memory.after(Memory(), steps.StartReplica("a1", "a"), 10.0)
    known = memory.after(known, steps.KillReplica("b1", "b"), 11.0)
    assert memory.load(json.loads(json.dumps(memory.dump(known)))) == known


def test_the_first_start_is_no_restart():
    once = memory.after(Memory(), steps.StartReplica("a1", "a"), 10.0)
    twice = memory.after(once, steps.StartReplica("a1", "a"), 11.0)
    assert (once.restarts["a1"], twice.restarts["a1"]) == (0, 1)


def test_a_stop_that_was_asked_for_does_not_count_towards_keeps_dying():
    known = memory.after(Memory(), steps.StartReplica("a1", "a"), 10.0)
    assert memory.after(known, steps.StopReplica("a1", "a"), 11.0).starts == {}
