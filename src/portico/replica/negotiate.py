"""Which content coding a visitor gets, by Accept-Encoding and what the store holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from portico.model import ENCODINGS

IDENTITY = ""

_ALIASES = {"x-gzip": "gzip", "identity": IDENTITY}


@lru_cache(maxsize=256)
def preferred(accept: str | None, available: tuple[str, ...]) -> tuple[str, ...]:
    """The codings to try, best first: by q-value, then by `ENCODINGS`, identity after equals.

    Identity always ends the list, so that there is an answer even for who forbids it (RFC 9110, 12.5.3).
    """
    if not accept or not available:
        return (IDENTITY,)
    weights = _weights(accept)
    wanted = [name for name in ENCODINGS if name in available and _weight(weights, name) > 0]
    if _weight(weights, IDENTITY) > 0:
        wanted.append(IDENTITY)
    wanted.sort(key=lambda name: -_weight(weights, name))
    return (*wanted, IDENTITY) if IDENTITY not in wanted else tuple(wanted)


def _weight(weights: Mapping[str, float], name: str) -> float:
    if name in weights:
        return weights[name]
    if "*" in weights:
        return weights["*"]
    # Identity that nobody spoke of is allowed, but any coding that was asked for is better.
    return 0.0001 if name == IDENTITY else 0.0


def _weights(accept: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            weights[_ALIASES.get(name, name)] = _quality(parameters)
    return weights


def _quality(parameters: list[str]) -> float:
    """The q-value; one that can't be read counts as a refusal of that coding."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
