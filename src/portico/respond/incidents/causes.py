"""The probable cause of an incident, from what belongs to it and what happened just before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portico.ledger.incidents import Member
from portico.model import MIRROR, Event
from portico.respond.incidents import kinds
from portico.respond.incidents.kinds import Kind

AFTER_A_PUBLISH_S = 600.0
AFTER_AN_ORDER_S = 120.0
TOGETHER_S = 60.0
UNNOTICED_S = 5.0
"""A finding may bear a time a moment before the event that caused it was written."""

_ALSO_A_CONSEQUENCE = "host-"
_BY_HAND = ("drain", "undrain", "scale", "restart")


@dataclass(frozen=True, slots=True)
class Cause:
    """`kind` for reactions and tests, `sentence` for people; both empty when nobody can tell."""

    kind: str = ""
    sentence: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What happened: the troubles without the evidence, and the events of the time around the first."""

    members: Sequence[Member]
    events: Sequence[Event]

    @property
    def first(self) -> float:
        return min(member.since for member in self.members)

    def of(self, *wanted: Kind) -> list[Member]:
        return [member for member in self.members if kinds.of(member) in wanted]

    def early(self, wanted: Kind) -> list[Member]:
        """Those that may be why: no later than the first trouble, but for the time until they were found."""
        return [one for one in self.of(wanted) if one.since - self.first <= kinds.delay(one)]

    @property
    def struck(self) -> frozenset[str]:
        """The clusters in which replicas had trouble."""
        return frozenset().union(*(kinds.clusters(member) for member in self.of(Kind.SERVING)))

    def before(self, kind: str, seconds: float) -> list[Event]:
        """Events of that kind in the time before the first trouble."""
        return [
            event
            for event in self.events
            if event.kind == kind and -UNNOTICED_S <= self.first - event.at <= seconds
        ]


def probable(members: Sequence[Member], events: Sequence[Event]) -> Cause:
    """The first rule that knows one; the surest stand first."""
    troubles = [member for member in members if not member.evidence]
    if not troubles:
        return Cause()
    scene = Scene(troubles, events)
    return next((cause for rule in _RULES if (cause := rule(scene))), Cause())


def _drill(scene: Scene) -> Cause | None:
    if all(member.practised for member in scene.members):
        return Cause("drill", "a drill practises it")
    return None


def _checker(scene: Scene) -> Cause | None:
    if scene.early(Kind.CHECKER):
        return Cause("checker", "the checking itself, not what is checked", {"hands_off": True})
    return None


def _machine(scene: Scene) -> Cause | None:
    """A machine that is out of breath only after the first trouble is so because of it."""
    found = [
        one
        for one in scene.early(Kind.MACHINE)
        if not one.alert.startswith(_ALSO_A_CONSEQUENCE) or one.since - scene.first <= UNNOTICED_S
    ]
    return Cause("machine", f"the machine: {_plain(found[0].sentence)}") if found else None


def _certificate(scene: Scene) -> Cause | None:
    found = scene.early(Kind.CERTIFICATE)
    return Cause("certificate", f"the certificate: {_plain(found[0].sentence)}") if found else None


def _publish(scene: Scene) -> Cause | None:
    """What visitors notice, or all clusters at once, right after a publish; not what befalls one replica."""
    patience = AFTER_A_PUBLISH_S if scene.of(Kind.SYMPTOM) else TOGETHER_S
    lives = scene.before("live", patience)
    if not lives or not (scene.of(Kind.SYMPTOM) or len(scene.struck) > 1):
        return None
    if scene.early(Kind.EDGE) or (scene.of(Kind.SERVING) and len(scene.struck) < 2):
        return None
    live = lives[-1]
    before = max(0.0, scene.first - live.at)
    sentence = f"the publish of {live.subject[:12]}, live {before:.0f} s before the first sign"
    return Cause("publish", sentence, {"snapshot": live.subject, "before": live.data.get("before")})


def _edge(scene: Scene) -> Cause | None:
    if not scene.early(Kind.EDGE):
        return None
    alone = len(scene.of(Kind.EDGE)) == len(scene.members)
    return Cause("edge", "the process of the edge alone" if alone else "the edge died or hung")


def _load(scene: Scene) -> Cause | None:
    found = scene.early(Kind.LOAD)
    return Cause("load", f"more than the stack can take: {_plain(found[0].sentence)}") if found else None


def _several(scene: Scene) -> Cause | None:
    starts = [member.since for member in scene.of(Kind.SERVING)]
    if len(scene.struck) < 2 or max(starts) - min(starts) > TOGETHER_S:
        return None
    named = " and ".join(sorted(scene.struck))
    spread = max(starts) - min(starts)
    return Cause("common", f"one for clusters {named}, struck within {spread:.0f} s: the machine or the code")


def _order(scene: Scene) -> Cause | None:
    given = [
        event
        for event in scene.before("order.given", AFTER_AN_ORDER_S)
        if event.subject in _BY_HAND and event.data.get("by") and _touches(event, scene.struck)
    ]
    if not given or not scene.of(Kind.SERVING):
        return None
    order, args = given[-1].data, given[-1].data.get("args", {})
    told = args.get("words") or " ".join([given[-1].subject, *(str(value) for value in args.values())])
    sentence = f"order {order.get('order')} by {order['by']}: {_plain(str(told))}"
    return Cause("order", sentence, {"order": order.get("order")})


def _touches(event: Event, struck: Collection[str]) -> bool:
    """Whether the order was about one of these clusters; what one is relieved of falls to the others."""
    args = event.data.get("args", {})
    named = [str(args[key]) for key in ("cluster", "replica", "target") if args.get(key)]
    everybody = event.subject == "drain" or not named or "all" in named
    return everybody or any(one.rstrip("0123456789") in struck for one in named)


def _cluster(scene: Scene) -> Cause | None:
    if len(scene.struck) != 1:
        return None
    (cluster,) = scene.struck
    replicas = {kinds.replica(member) for member in scene.members} - {None}
    if len(replicas) > 1 or any(member.alert.startswith("cluster-") for member in scene.members):
        where = "the mirror" if cluster == MIRROR else f"cluster {cluster}"
        return Cause("cluster", f"{where} as a whole: its store, or what its replicas share")
    return None


def _store(scene: Scene) -> Cause | None:
    found = scene.early(Kind.STORE)
    return Cause("store", f"a store: {_plain(found[0].sentence)}") if found else None


def _replica(scene: Scene) -> Cause | None:
    replicas = {kinds.replica(member) for member in scene.members} - {None}
    if len(replicas) != 1:
        return None
    (name,) = replicas
    called = "the mirror" if name == MIRROR else name
    return Cause("replica", f"the process of {called} alone", {"replica": name})


def _plain(sentence: str) -> str:
    return (
        sentence[:1].lower() + sentence[1:].rstrip(".") if sentence[:2] != sentence[:2].upper() else sentence
    )


_RULES: tuple[Callable[[Scene], Cause | None], ...] = (
    _drill,
    _checker,
    _machine,
    _certificate,
    _publish,
    _edge,
    _load,
    _several,
    _order,
    _cluster,
    _store,
    _replica,
)
