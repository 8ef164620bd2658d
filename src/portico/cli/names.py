"""From what a person typed to what is meant: prefixes of ids, names of clusters; and their completion."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import typer

from portico.cli import place, words
from portico.cli.told import UsageError
from portico.config.load import Config
from portico.ledger import incidents
from portico.ledger.ledger import Ledger
from portico.model import MIRROR, Digest
from portico.release import snapshots
from portico.store.layout import Store
from portico.watch import signal
from portico.watch.series.read import Reader

SHORTEST = 4


def snapshot(given: str, known: Iterable[Digest]) -> Digest:
    """The one snapshot whose id starts so. Raises UsageError, with those that are meant perhaps."""
    if len(given) < SHORTEST:
        raise UsageError(
            f"expected at least {SHORTEST} characters of a snapshot's id, got {given!r}",
            hint="portico snapshots lists them",
        )
    found = sorted({digest for digest in known if digest.startswith(given.lower())})
    if not found:
        raise UsageError(f"no snapshot's id starts with {given!r}", hint="portico snapshots lists them")
    if len(found) > 1:
        listed = ", ".join(_apart(found))
        raise UsageError(f"{given!r} is ambiguous, expected one of {listed}", hint="give more characters")
    return found[0]


def _apart(ids: list[Digest]) -> list[str]:
    """The ids, as short as they still differ."""
    length = words.SHORT
    while length < 64 and len({digest[:length] for digest in ids}) < len(ids):
        length += 4
    return [digest[:length] for digest in ids]


def cluster(given: str, clusters: Collection[str]) -> str:
    return known(given, clusters, what="cluster")


def known(given: str, names: Collection[str], *, what: str) -> str:
    """`given`, if it is one of `names`. Raises UsageError, which lists them."""
    if given not in names:
        raise UsageError(f"there is no {what} {given!r}", hint=f"one of {', '.join(names)}")
    return given


def stores(config: Config) -> dict[str, Store]:
    return snapshots.stores(config.home, config.settings.clusters.names)


def held(config: Config) -> list[Digest]:
    """The snapshots of all stores, the origin's newest first."""
    return snapshots.held(stores(config))


def targets(config: Config, replicas: dict[str, int]) -> list[str]:
    """What `restart` takes: all, a cluster, a replica or the mirror."""
    clusters = config.settings.clusters.names
    numbered = [f"{name}{number}" for name in clusters for number in range(1, replicas[name] + 1)]
    return ["all", *clusters, *numbered, MIRROR]


def _completing(offer: Callable[[Config], Iterable[str]]) -> Callable[..., list[str]]:
    """A completion: whatever goes wrong, the shell gets no words rather than an error in its line."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        try:
            return [word for word in offer(place.config(ctx)) if word.startswith(incomplete)]
        except Exception:  # noqa: BLE001 - as the docstring says
            return []

    return complete


def _clusters(config: Config) -> Iterable[str]:
    return config.settings.clusters.names


def _snapshots(config: Config) -> Iterable[str]:
    return [words.short(digest) for digest in held(config)]


def _logs(config: Config) -> Iterable[str]:
    return sorted(file.stem for file in config.home.logs.glob("*.log"))


def _stores(config: Config) -> Iterable[str]:
    return [*stores(config), "all"]


def _targets(config: Config) -> Iterable[str]:
    settings = config.settings.clusters
    return targets(config, dict.fromkeys(settings.names, settings.replicas))


def _channels(config: Config) -> Iterable[str]:
    return [channel.name for channel in config.settings.notify.channels]


def _incidents(config: Config) -> Iterable[str]:
    ledger = Ledger.existing(config.home.ledger)
    return ["all", *(str(one.id) for one in incidents.current(ledger) if one.acknowledged is None)]


def _metrics(config: Config) -> Iterable[str]:
    found = Reader(config.home.series).names()
    return dict.fromkeys(signal.parse(known.key)[0] for known in found)


complete_cluster: Any = _completing(_clusters)
complete_snapshot: Any = _completing(_snapshots)
complete_channel: Any = _completing(_channels)
complete_incident: Any = _completing(_incidents)
complete_log: Any = _completing(_logs)
complete_store: Any = _completing(_stores)
complete_target: Any = _completing(_targets)
complete_metric: Any = _completing(_metrics)
