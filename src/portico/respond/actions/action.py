"""What every action is, for the plan, the CLI and whoever writes another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from portico.kit.errors import Exit, PorticoError
from portico.model import Order
from portico.respond.actions.situation import Open, Situation

DRILL, RELEASE, ACTION = "a drill", "a publish or a rollback", "another action"
"""What an action may have to wait for."""


class WrongArgumentsError(PorticoError):
    """An action was asked for by hand with something that it can't be done to."""

    code = Exit.USAGE


@dataclass(frozen=True, slots=True)
class Limit:
    """How often by itself; `again_s` seconds lie between two times on the same target."""

    per_hour: int
    per_day: int
    again_s: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """An order that could be given. `words` say what it will do, `because` is the finding that calls for it.

    `target` is what it is done to, which rests before it is done again. `touches` names the cluster from
    which something that runs is taken away; `takes_out` says that all of it is.
    """

    args: Mapping[str, Any]
    words: str
    target: str = ""
    because: Open | None = None
    touches: str = ""
    takes_out: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """The order that takes an order back, and what it will do."""

    kind: str
    args: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""


class Action(Protocol):
    """`kind` is the order that the keeper carries out. `waits_for` is what must not go on meanwhile.

    `undoable` says that `undo` has something to take back, once the order is done.
    """

    name: str
    meaning: str
    kind: str
    limit: Limit
    waits_for: frozenset[str] = frozenset({DRILL, RELEASE, ACTION})
    undoable: bool = False

    def propose(self, now: Situation) -> Proposal | None:
        """What the open findings call for, or None."""
        ...

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:
        """What a person asks for. Raises WrongArgumentsError."""
        ...

    def undo(self, order: Order) -> Undo | None:  # noqa: ARG002 - most of them have something to say here
        """How it is taken back; None when there is nothing to take back."""
        return None

    def holds(self, args: Mapping[str, Any], now: Situation) -> bool:  # noqa: ARG002 - as above
        """Whether a question with these arguments is still the right one."""
        return True

    def over(self, order: Order, now: Situation) -> str:  # noqa: ARG002 - as above
        """Why what was done should end by itself now; nothing while it shouldn't."""
        return ""


def listed(names: Sequence[str], what: str) -> str:
    """`cluster b` or `clusters b and c`."""
    if len(names) == 1:
        return f"{what} {names[0]}"
    return f"{what}s {', '.join(names[:-1])} and {names[-1]}"


def chosen(words: Sequence[str], known: Sequence[str], what: str) -> str:
    """The one word that a person gave, if it is known. Raises WrongArgumentsError."""
    hint = f"one of {', '.join(known)}" if known else ""
    if len(words) != 1:
        raise WrongArgumentsError(f"expected the name of a {what}, got {len(words)} words", hint=hint)
    if words[0] not in known:
        raise WrongArgumentsError(f"there is no {what} {words[0]!r}", hint=hint)
    return words[0]


def no_words(words: Sequence[str], name: str) -> None:
    if words:
        raise WrongArgumentsError(f"{name} takes no arguments, got {' '.join(words)}")
