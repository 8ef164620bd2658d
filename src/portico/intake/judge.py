"""What becomes of what was sent: a post, or what is asked of the sender first. Pure: `now` is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from portico.intake import proof, schema
from portico.intake.post import Post
from portico.intake.proof import Challenge
from portico.intake.schema import Checked, Schema
from portico.kit import canonical

HONEYPOT, TOO_QUICK = "honeypot", "too quick"
"""Why a post is taken for spam: it is kept apart, not lost, and its sender is told nothing."""


@dataclass(frozen=True, slots=True)
class Situation:
    """`suspicious`: the edge says that posts come too often; `secret` is the replicas'."""

    cluster: str
    now: float
    suspicious: bool
    secret: bytes


@dataclass(frozen=True, slots=True)
class Invalid:
    """A sentence for each field that is wrong."""

    fields: Mapping[str, str]


def judge(form: Schema, pairs: Iterable[tuple[str, str]], at: Situation) -> Post | Invalid | Challenge:
    found = schema.check(form, pairs)
    if found.problems:
        return Invalid({name: form.sentence(problem) for name, problem in found.problems.items()})
    key = key_of(form.form, found, at.now)
    if at.suspicious and not proof.holds(at.secret, found.about.get(schema.PROOF, ""), key, at.now):
        return proof.challenge(at.secret, key, at.now)
    why = spam(form, found.about)
    return Post(
        key=key,
        form=form.form,
        received_at=round(at.now, 3),
        fields=found.values,
        spam=bool(why),
        why=why,
        language=form.language,
        cluster=at.cluster,
    )


def key_of(form: str, found: Checked, now: float) -> str:
    """The same for a double click and for every retry, of the visitor's browser or of the edge.

    The content always counts, so that a page which uses its key twice loses nothing. Without a key of the
    page's own, the same words are one post for the day.
    """
    own = found.about.get(schema.KEY) or datetime.fromtimestamp(now, UTC).date().isoformat()
    return hashlib.sha256(canonical.dumps([form, own, found.values])).hexdigest()[:32]


def spam(form: Schema, about: Mapping[str, str]) -> str:
    """Why it is taken for spam; nothing when it isn't."""
    if about.get(schema.HONEY):
        return HONEYPOT
    filled = about.get(schema.FILLED, "")
    if filled.isascii() and filled.isdigit() and len(filled) < 16 and int(filled) < form.least_ms:
        return TOO_QUICK
    return ""
