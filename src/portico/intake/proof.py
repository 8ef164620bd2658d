"""Proof of work: a sender in haste spends some of his computer's time on each post. Pure but for the secret.

Nothing is kept of a challenge: it names the post that it is for, and is signed. So a proof is good for one
post, at every replica, for ten minutes.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass

from portico.intake import secret

BITS = 16
"""65,000 tries in the mean: about a second of a phone's time."""
LASTS_S = 600

_PROOF = re.compile(
    r"(?P<text>(?P<until>[0-9]{10,12})\.(?P<key>[0-9a-f]{32})\.(?P<tag>[0-9a-f]{32}))\.[0-9]{1,20}"
)


@dataclass(frozen=True, slots=True)
class Challenge:
    """The proof is `<text>.<number>`, with a number that makes its SHA-256 begin with so many zero `bits`."""

    text: str
    bits: int


def challenge(known: bytes, key: str, now: float) -> Challenge:
    """For the post of this key; `known` is the replicas' secret."""
    until = str(int(now) + LASTS_S)
    return Challenge(f"{until}.{key}.{_tag(known, until, key)}", BITS)


def holds(known: bytes, proof: str, key: str, now: float) -> bool:
    """Whether the proof is for this post, in time, and true work."""
    found = _PROOF.fullmatch(proof)
    if not found or found["key"] != key or int(found["until"]) < now:
        return False
    if not secret.is_tag(found["tag"], known, "proof", found["until"].encode(), key.encode()):
        return False
    return zeros(proof) >= BITS


def solve(asked: Challenge) -> str:
    """What a browser does, for probes and drills: some tenths of a second of work."""
    return next(text for number in itertools.count() if zeros(text := f"{asked.text}.{number}") >= asked.bits)


def zeros(text: str) -> int:
    """How many zero bits the SHA-256 begins with."""
    return 256 - int.from_bytes(hashlib.sha256(text.encode()).digest()).bit_length()


def _tag(known: bytes, until: str, key: str) -> str:
    return secret.tag(known, "proof", until.encode(), key.encode())
