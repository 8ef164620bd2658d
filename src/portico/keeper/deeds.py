"""What a person may order about the clusters: the order, and what it will do as things are now. Pure.

The keeper decides anew when it carries the order out; what is said here is what it would do at this moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portico import model
from portico.kit.errors import Exit, PorticoError
from portico.model import MIRROR
from portico.respond.actions import action, limits
from portico.respond.actions.action import Action, Proposal
from portico.respond.actions.situation import Situation

ALL = "all"


class UnknownTargetError(PorticoError):
    """Something is to be done to what isn't there."""

    code = Exit.USAGE


@dataclass(frozen=True, slots=True)
class Deed:
    """The order `kind` with `args`. `words` say what it will do.

    `name` is what a person types who means it: the cluster that loses something by it; nothing where nothing
    is lost. `against` is why it would be refused now.
    """

    kind: str
    args: Mapping[str, Any]
    words: str
    name: str = ""
    against: str = ""


def drain(cluster: str, now: Situation) -> Deed:
    _known(cluster, now.clusters, "cluster")
    words = f"Cluster {cluster} finishes what it answers and gets no new visitors; {_without(cluster, now)}."
    return Deed(
        "drain", {"cluster": cluster}, words, cluster, limits.silent(now) or _against_draining(cluster, now)
    )


def undrain(cluster: str, now: Situation) -> Deed:
    _known(cluster, now.clusters, "cluster")
    words = f"Visitors are sent to cluster {cluster} again, as soon as one of its replicas is well."
    against = "the mirror alone serves: send visitors to the clusters again first" if _alone(now) else ""
    if not against and not _is_drained(cluster, now):
        against = f"cluster {cluster} is in service"
    return Deed("undrain", {"cluster": cluster}, words, "", limits.silent(now) or against)


def restart(target: str, now: Situation) -> Deed:
    """`target` is all, a cluster, a replica or the mirror."""
    if target not in targets(now):
        hint = f"one of {', '.join(targets(now))}"
        raise UnknownTargetError(f"there is nothing called {target!r}", hint=hint)
    if target == MIRROR:
        words = "The mirror is restarted; it is the last resort, and for a moment there is none."
        return Deed("restart", {"target": target}, words, MIRROR, limits.silent(now))
    if cluster := _cluster_of(target, now):
        rest = _served_by([name for name in now.serving(cluster) if name != target], cluster, now)
        words = f"Replica {target} finishes what it answers and is restarted; {rest}."
        against = "" if _others_serve(target, now) else f"{target} is the last one that serves"
        return Deed("restart", {"target": target}, words, cluster, limits.silent(now) or against)
    return Deed("restart", {"target": target}, _rolling(target, now), target, limits.silent(now))


def scale(cluster: str, replicas: int, now: Situation) -> Deed:
    _known(cluster, now.clusters, "cluster")
    most = now.settings.clusters.max_replicas
    if not 1 <= replicas <= most:
        raise UnknownTargetError(
            f"expected 1 to {most} replicas, got {replicas}",
            where=f"scale {cluster}",
            hint="the most is clusters/max_replicas in portico.toml",
        )
    have = len(replicas_of(cluster, now))
    args = {"cluster": cluster, "replicas": replicas}
    words = f"Cluster {cluster} has {_count(replicas)} from now on, instead of {have}"
    if replicas == have:
        return Deed("scale", args, f"{words}.", "", f"cluster {cluster} has {_count(have)}")
    if replicas > have:
        return Deed("scale", args, f"{words}; each is well before it gets visitors.", "", limits.silent(now))
    ended = model.slots(cluster, have)[replicas:]
    how = "finishes what it answers and ends" if len(ended) == 1 else "finish what they answer and end"
    return Deed("scale", args, f"{words}: {_and(ended)} {how}.", cluster, limits.silent(now))


def readmit(replica: str, now: Situation) -> Deed:
    _known(replica, now.replicas, "replica")
    against = "" if replica in now.ejected else f"replica {replica} is not ejected"
    words = f"Visitors are sent to replica {replica} again."
    return Deed("readmit", {"replica": replica}, words, "", limits.silent(now) or against)


def unshield(now: Situation) -> Deed:
    against = "" if now.shielded else "the shield is down"
    return Deed(
        "shield", {"on": False}, "The shield is taken down: the usual limits hold again.", "", against
    )


def clusters_again(now: Situation) -> Deed:
    against = "" if _alone(now) else "the clusters serve"
    return Deed(
        "mirror", {"on": False}, "Visitors are sent to the clusters again.", "", limits.silent(now) or against
    )


def of_action(one: Action, proposal: Proposal, args: Mapping[str, Any], now: Situation) -> Deed:
    """A named action; `args` are its order's (`respond.actions.plan.arguments`)."""
    names = {"": "", "every": MIRROR}
    name = names.get(proposal.touches, proposal.touches)
    return Deed(one.kind, args, proposal.words, name, limits.why_not(one, proposal, now))


def targets(now: Situation) -> list[str]:
    """What can be restarted."""
    return [ALL, *now.clusters, *(name for one in now.clusters for name in replicas_of(one, now)), MIRROR]


def replicas_of(cluster: str, now: Situation) -> list[str]:
    """Those that shall run; before anything was seen, those of the settings."""
    found = [name for name in now.replicas if now.cluster_of(name) == cluster]
    return found or list(model.slots(cluster, now.settings.clusters.replicas))


def _cluster_of(replica: str, now: Situation) -> str:
    return next((one for one in now.clusters if replica in replicas_of(one, now)), "")


def _known(given: str, names: Sequence[str], what: str) -> None:
    if given not in names:
        raise UnknownTargetError(f"there is no {what} {given!r}", hint=f"one of {', '.join(names)}")


def _against_draining(cluster: str, now: Situation) -> str:
    if _is_drained(cluster, now):
        return f"cluster {cluster} is drained already"
    return "" if now.others_serving(cluster) else f"{cluster} is the last healthy cluster"


def _without(cluster: str, now: Situation) -> str:
    """Who serves then."""
    others = now.others_serving(cluster)
    if not others:
        return "nobody is left but the edge's cache and the mirror"
    serving = sum(len(now.serving(name)) for name in others)
    alone = f"{action.listed(others, 'cluster')} {'serves' if len(others) == 1 else 'serve'} alone"
    return f"{alone}, with {_count(serving)}"


def _served_by(rest: Sequence[str], cluster: str, now: Situation) -> str:
    if rest:
        return f"{_and(rest)} of cluster {cluster} {'serves' if len(rest) == 1 else 'serve'} meanwhile"
    return _without(cluster, now).replace("alone", "meanwhile")


def _others_serve(replica: str, now: Situation) -> bool:
    return any(name != replica for cluster in now.clusters for name in now.serving(cluster))


def _rolling(target: str, now: Situation) -> str:
    clusters = [name for name in now.clusters if target in {ALL, name}]
    every = [name for cluster in clusters for name in replicas_of(cluster, now)]
    mirror = ", and the mirror last" if target == ALL else ""
    soak = now.settings.keeper.soak_s
    between = f" Between two clusters {soak:g} s pass." if len(clusters) > 1 else ""
    return (
        f"{_and(every)} are restarted one at a time, each after it finished what it answers{mirror}."
        f" Visitors notice nothing.{between}"
    )


def _is_drained(cluster: str, now: Situation) -> bool:
    return any(one["name"] == cluster and one.get("drained") for one in now.status.get("clusters", ()))


def _alone(now: Situation) -> bool:
    return bool(now.status.get("mirror_only"))


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _count(number: int) -> str:
    return "1 replica" if number == 1 else f"{number} replicas"
