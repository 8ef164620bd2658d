"""A freeze that ends at any moment publishes nothing, and the next one goes on to the same snapshot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from portico.snapshot import collect, freeze
from portico.store import check
from support.freezing import Stack

PROGRAM = """
import sys
from pathlib import Path
from support.freezing import Stack
stack = Stack(Path(sys.argv[1]))
class Telling(list):
    def append(self, told):
        if told.phase == sys.argv[2]:
            print(told, flush=True)
            sys.stdin.read()
stack.told = Telling()
stack.freeze()
"""


class Interruption(BaseException):
    pass


class Interrupting(list[freeze.Progress]):
    """Ends the freeze when it tells of its progress for the n-th time."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def append(self, told: freeze.Progress) -> None:
        super().append(told)
        if len(self) > self._after:
            raise Interruption


def many(word: str) -> dict[str, str]:
    links = "<a href=/1>1</a><a href=/gone>gone</a>"
    return {f"{number}.html": f"<p>{word} {number}{links}" for number in range(600)}


def test_interrupted_at_each_step_it_goes_on_to_the_same_snapshot(tmp_path):
    whole = Stack(tmp_path / "whole")
    whole.write(many("one"))
    first = whole.freeze()
    whole.write({"5.html": "five", "_redirects": "/6 /7\n"})
    (whole.site / "9.html").unlink()
    second = whole.freeze()

    stack = Stack(tmp_path / "stack")
    stack.write(many("one"))
    steps = interrupt_until_done(stack)
    assert steps > 5
    assert stack.freeze().id == first.id
    stack.write({"5.html": "five", "_redirects": "/6 /7\n"})
    (stack.site / "9.html").unlink()
    interrupt_until_done(stack)
    frozen = stack.freeze()
    assert frozen.id == second.id
    assert frozen.broken_total == second.broken_total
    assert check.snapshot(stack.store, frozen.id, stack.key.public_key()).bad == ()


def interrupt_until_done(stack: Stack) -> int:
    """Freeze and interrupt one step later each time; returns how often."""
    before, steps = stack.store.list_snapshots() if stack.store.root.exists() else [], 0
    while True:
        stack.told = Interrupting(steps)
        try:
            stack.freeze()
        except Interruption:
            assert stack.store.list_snapshots() == before
            steps += 1
        else:
            stack.told = []
            return steps


def test_killed_in_the_middle_it_goes_on_to_the_same_snapshot(tmp_path):
    whole = Stack(tmp_path / "whole")
    whole.write(many("one"))
    expected = whole.freeze()
    for phase in ("read", "write"):
        stack = Stack(tmp_path / phase)
        stack.write(many("one"))
        kill_in(phase, stack.root)
        assert stack.store.list_snapshots() == []
        frozen = stack.freeze()
        assert frozen.id == expected.id
        assert check.snapshot(stack.store, frozen.id, stack.key.public_key()).bad == ()
        assert collect.collect(stack.store, {frozen.id}, stack.key.public_key()).snapshots == ()


def kill_in(phase: str, root: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(root), phase]
    folders = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PYTHONPATH": ":".join(folders)}
    ) as child:
        assert child.stdout
        told = child.stdout.readline()
        child.kill()
    assert phase.encode() in told
