"""What is kept of a person who asks: in the journals, put aside, and in the studio. Handed out, or erased."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portico.config.home import Home
from portico.intake import seal
from portico.intake.post import Post
from portico.intake.subscribers import Subscribers
from portico.kit import lock
from portico.kit.errors import IntegrityError, UnavailableError
from portico.relay import carrier, studio, waiting
from portico.relay.waiting import Cluster, Waiting


@dataclass(frozen=True, slots=True)
class Found:
    """A post that wasn't delivered, and where it lies."""

    where: str
    waiting: Waiting
    post: Post

    def told(self) -> dict[str, Any]:
        at = datetime.fromtimestamp(self.post.received_at, UTC)
        return {
            "key": self.post.key,
            "form": self.post.form,
            "received_at": at.isoformat(timespec="seconds"),
            "where": self.where,
            "spam": self.post.spam,
            "fields": dict(self.post.fields),
        }


@dataclass(frozen=True, slots=True)
class Erased:
    journals: int
    studio: int
    subscribers: int = 0


def export(
    home: Home, clusters: Sequence[Cluster], address: str, *, has_studio: bool = True
) -> list[dict[str, Any]]:
    """Raises UnavailableError when the studio can't be asked: half an answer is none."""
    kept = _asked(home, "/export", address)["entries"] if has_studio else []
    subscribed = [{"where": "subscribers of the status page", **one} for one in _subscriptions(home, address)]
    return [*(found.told() for found in of(home, clusters, address)), *subscribed, *kept]


def erase(home: Home, clusters: Sequence[Cluster], address: str, *, has_studio: bool = True) -> Erased:
    """Raises UnavailableError when the studio can't be asked; what lay in the journals is gone then."""
    with lock.held(home.intake_lock, wait=True):
        lying = of(home, clusters, address)
        for found in lying:
            found.waiting.remove()
        subscribed = _unsubscribed(home, address)
        entries = int(_asked(home, "/erase", address)["erased"]) if has_studio else 0
        return Erased(len(lying), entries, subscribed)


def _subscriptions(home: Home, address: str) -> list[dict[str, Any]]:
    if not home.subscribers.exists():
        return []
    with contextlib.closing(Subscribers(home.subscribers)) as kept:
        return kept.export(address)


def _unsubscribed(home: Home, address: str) -> int:
    if not home.subscribers.exists():
        return 0
    with contextlib.closing(Subscribers(home.subscribers)) as kept:
        return kept.erase(address)


def of(home: Home, clusters: Sequence[Cluster], address: str) -> list[Found]:
    """In the journals and put aside. Who can't be opened isn't known to be anybody's."""
    opener = seal.Opener(home.intake_key)
    lying = [("journal", one) for one in waiting.of(clusters)]
    lying += [("quarantine", one) for one in waiting.aside(clusters)]
    opened = ((where, one, _opened(one, opener)) for where, one in lying)
    return [Found(where, one, post) for where, one, post in opened if post and _is_of(post, address)]


def release(clusters: Sequence[Cluster], one: Waiting) -> None:
    """Try it again: what was put aside goes back to the posts of the first cluster that takes it."""
    for place in one.places:
        try:
            data = place.journal.read(place.name)
        except FileNotFoundError:
            continue
        clusters[0].posts.append(place.name, data)
        break
    one.remove()


def _opened(one: Waiting, opener: seal.Opener) -> Post | None:
    try:
        return carrier.opened_from(one, opener)
    except (IntegrityError, FileNotFoundError):
        return None


def _is_of(post: Post, address: str) -> bool:
    wanted = address.strip().lower()
    return any(isinstance(value, str) and value.strip().lower() == wanted for value in post.fields.values())


def _asked(home: Home, path: str, address: str) -> Any:
    answer = studio.ask(home.studio_socket, path, {"address": address}, studio.PATIENT_S)
    if not answer.ok:
        raise UnavailableError(
            f"the studio's database was not reached, so it isn't done: {answer.what}",
            where=str(home.root),
            hint="portico status, then the same again",
            temporary=True,
        )
    return answer.body
