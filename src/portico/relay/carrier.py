"""Carries posts from the journals to the studio: each stays in the journals until the studio has it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portico.intake import post, seal
from portico.kit.errors import IntegrityError, PorticoError
from portico.relay import pace, studio
from portico.relay.pace import Verdict
from portico.relay.waiting import Waiting

log = logging.getLogger("portico.relay")

PROBE = "portico-probe"
"""The form of the watcher's own posts: the studio takes them and leaves nothing of them."""


@dataclass(slots=True)
class Counts:
    """Since the first relay of this home."""

    delivered: int = 0
    again: int = 0
    spam: int = 0
    probes: int = 0
    refused: int = 0
    probe_at: float = 0.0
    probe_s: float = 0.0


@dataclass(slots=True)
class Carrier:
    """`aside` is told of each post that is put aside, and why. `ours` are forms that are not the studio's."""

    socket: Path
    opener: seal.Opener
    aside: Callable[[Waiting, str], None]
    ours: Mapping[str, Callable[[post.Post], object]] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    pace: pace.Pace = field(default_factory=pace.Pace)
    _unkept: dict[str, str] = field(default_factory=dict)

    def carry(
        self, found: Sequence[Waiting], now: Callable[[], float], going: Callable[[], bool]
    ) -> set[str]:
        """Deliver in order as long as it goes well; the keys of those that are done with."""
        done: set[str] = set()
        behind: set[str] = set()
        for one in found:
            if one.form in self.ours and going() and self._kept(one):
                done.add(one.key)
        for one in found:
            if one.form in self.ours:
                continue
            if not going() or not self.pace.may_try(now()):
                break
            if one.form in behind or self.pace.is_held(one.form, now()):
                behind.add(one.form)
            elif self._deliver(one, now()):
                done.add(one.key)
            else:
                behind.add(one.form)
        return done

    def _deliver(self, one: Waiting, now: float) -> bool:
        """Whether it is done with: delivered, or put aside."""
        try:
            opened = opened_from(one, self.opener)
        except FileNotFoundError:
            return True
        except IntegrityError as error:
            return self._put_aside(one, str(error))
        answer = studio.ask(self.socket, "/deliver", _told(one, opened))
        verdict = pace.judge(answer)
        if verdict is Verdict.LATER:
            self.pace.later(answer.what, now)
            return False
        self.pace.answered()
        if verdict is Verdict.STUMBLED:
            if not self.pace.stumbled(one.form, one.key, now):
                return False
            return self._put_aside(one, answer.what)
        self.pace.delivered(one.form)
        if verdict is Verdict.NEVER:
            return self._put_aside(one, answer.what)
        one.remove()
        self._count(one, opened, new=bool(answer.body.get("new")), now=now)
        return True

    def _kept(self, one: Waiting) -> bool:
        """Whether it is done with. Taken twice where this process ends in between, which changes nothing."""
        try:
            opened = opened_from(one, self.opener)
        except FileNotFoundError:
            return True
        except IntegrityError as error:
            return self._put_aside(one, str(error))
        try:
            self.ours[one.form](opened)
        except Exception as error:  # noqa: BLE001 - told; what isn't the studio's must not stop what is
            self._tell_unkept(one.form, error)
            return False
        self._unkept.pop(one.form, None)
        one.remove()
        return True

    def _tell_unkept(self, form: str, error: Exception) -> None:
        """Once for each reason; other errors' words may hold a visitor's."""
        words = f": {error}" if isinstance(error, sqlite3.Error | PorticoError) else ""
        told = type(error).__name__ + words
        if self._unkept.get(form) != told:
            log.warning("a post of the form %s can't be kept; it is tried again: %s", form, told)
        self._unkept[form] = told

    def _put_aside(self, one: Waiting, why: str) -> bool:
        one.put_aside()
        self.counts.refused += 1
        log.warning("put aside %s of the form %s: %s", one.key, one.form, why)
        self.aside(one, why)
        return True

    def _count(self, one: Waiting, opened: post.Post, *, new: bool, now: float) -> None:
        if one.form == PROBE:
            self.counts.probes += 1
            self.counts.probe_at, self.counts.probe_s = now, max(0.0, now - one.received_at)
        elif not new:
            self.counts.again += 1
        else:
            self.counts.delivered += 1
            self.counts.spam += opened.spam


def opened_from(one: Waiting, opener: seal.Opener) -> post.Post:
    """From the first of its files that is whole. Raises IntegrityError, or FileNotFoundError without any."""
    trouble: IntegrityError | None = None
    for place in one.places:
        try:
            return post.decode(opener.open(place.journal.read(place.name)))
        except FileNotFoundError:
            continue
        except IntegrityError as error:
            trouble = error
    raise trouble or FileNotFoundError(one.key)


def _told(one: Waiting, opened: post.Post) -> dict[str, object]:
    return {
        "key": one.key,
        "form": one.form,
        "received_at": one.received_at,
        "fields": {name: _plain(value) for name, value in opened.fields.items()},
        "spam": opened.spam,
        "why": opened.why,
        "language": opened.language,
    }


def _plain(value: post.Value) -> str | list[str]:
    return value if isinstance(value, str) else list(value)
