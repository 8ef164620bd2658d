"""Slows guessing down: whoever was wrong too often waits, and nobody else does more than can't be helped."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from portico.operators import book
from portico.operators.book import Book

WINDOW_S = 900.0
PAIR, ADDRESS, NAME = 5, 30, 50
"""Wrong ones within the window of one name from one address; from one address; of one name from anywhere.

The last one is high: whoever knows a name could lock its owner out by it. Passkeys can't be guessed, and are
never held up.
"""


@dataclass(frozen=True, slots=True)
class Guess:
    """`name` is a digest: what was typed there may be a password."""

    at: float
    name: str
    address: str


def wait_s(guesses: Sequence[Guess], name: str, address: str, now: float) -> float:
    """How long this name from this address has to wait. Pure."""
    of_name = [guess.at for guess in guesses if guess.name == name]
    of_address = [guess.at for guess in guesses if guess.address == address]
    of_both = [guess.at for guess in guesses if (guess.name, guess.address) == (name, address)]
    counted = ((of_both, PAIR), (of_address, ADDRESS), (of_name, NAME))
    return max(_wait(times, most, now) for times, most in counted)


def wait(kept: Book, name: str, address: str) -> float:
    """Seconds until a guess is looked at again; 0 when it is now."""
    whom, place = book.digest(name), network(address)
    rows = kept.ask(
        "SELECT at, name, address FROM guesses WHERE at > ? AND (name = ? OR address = ?)",
        (kept.now - WINDOW_S, whom, place),
    )
    return wait_s([Guess(*row) for row in rows], whom, place, kept.now)


def wrong(kept: Book, name: str, address: str, *, known: bool) -> None:
    """Write a wrong one down, with the name where it is somebody's."""
    with kept.writing():
        kept.put("DELETE FROM guesses WHERE at < ?", (kept.now - WINDOW_S,))
        kept.put("INSERT INTO guesses VALUES (?, ?, ?)", (kept.now, book.digest(name), network(address)))
        waits = wait(kept, name, address)
        kept.record("refused", name if known else "", address=address, waits_s=round(waits))


def forget(kept: Book, name: str, address: str) -> None:
    """Who got in starts afresh from there."""
    kept.put("DELETE FROM guesses WHERE name = ? AND address = ?", (book.digest(name), network(address)))


def forgive(kept: Book, name: str, *, by: str) -> None:
    """Somebody may try again from everywhere, by a word of a person."""
    with kept.writing():
        kept.put("DELETE FROM guesses WHERE name = ?", (book.digest(name),))
        kept.record("unlocked", name, by=by)


def network(address: str) -> str:
    """What one guesser has many of counts as one: the 64 bits of an IPv6 network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)


def _wait(times: Sequence[float], most: int, now: float) -> float:
    """Until the oldest of the last `most` leaves the window."""
    recent = sorted(at for at in times if now - at < WINDOW_S)
    return recent[-most] + WINDOW_S - now if len(recent) >= most else 0.0
