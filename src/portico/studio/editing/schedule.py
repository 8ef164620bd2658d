"""Publishes and expires on the second: waits for the next time that is due, and catches up after a pause.

Run by the studio's back process (`studio/back/work.py`). What is due is done with Wagtail's own actions, each
thing in a transaction of its own: one that fails is told and tried again, and keeps nobody else waiting.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import Min
from django.utils import dateparse, timezone
from wagtail.log_actions import log as log_action
from wagtail.models import DraftStateMixin, ModelLogEntry, Page, PageLogEntry, Revision

from portico.studio.editing import four_eyes

LONGEST_NAP = 1.0
"""Seconds: what is scheduled meanwhile is seen after that many at the latest."""

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Scheduler:
    def __init__(self, now: Clock = timezone.now) -> None:
        self._now = now
        self._failed: dict[Any, datetime] = {}

    def run(self, ending: threading.Event) -> None:
        while not ending.is_set():
            self.tick()
            ending.wait(self.nap())

    def nap(self) -> float:
        """Seconds until something is due, the longest nap at most."""
        soonest = next_time()
        if soonest is None:
            return LONGEST_NAP
        return min(max((soonest - self._now()).total_seconds(), 0.01), LONGEST_NAP)

    def tick(self) -> int:
        """Do what is due in the order of its times; how many things that were."""
        now = self._now()
        due = sorted(_due(now), key=lambda one: one[0])
        return sum(self._do(thing, now) for _time, thing in due)

    def _do(self, thing: Any, now: datetime) -> bool:
        key = (type(thing), thing.pk)
        last = self._failed.get(key)
        if last and (now - last).total_seconds() < 60:
            return False
        try:
            with transaction.atomic():
                _publish(thing, now) if isinstance(thing, Revision) else _expire(thing)
        except Exception as why:  # the boundary of one thing: the others are due, too
            if isinstance(why, DatabaseError):
                raise
            log.exception("%s could not be published or expired in time", thing)
            self._failed[key] = now
            return False
        self._failed.pop(key, None)
        return True


def keep(ending: threading.Event) -> None:
    Scheduler().run(ending)


def next_time() -> datetime | None:
    times = [Revision.objects.aggregate(soonest=Min("approved_go_live_at"))["soonest"]]
    times += [
        model.objects.filter(live=True).aggregate(soonest=Min("expire_at"))["soonest"] for model in _models()
    ]
    return min((time for time in times if time), default=None)


def _due(now: datetime) -> Iterable[tuple[datetime, Any]]:
    for model in _models():
        for thing in model.objects.filter(live=True, expire_at__lte=now):
            yield thing.expire_at, thing
    for revision in Revision.objects.filter(approved_go_live_at__lte=now):
        yield revision.approved_go_live_at, revision


def _models() -> list[Any]:
    """Whatever can expire: all pages by their one table, and each snippet that has drafts."""
    snippets = [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *snippets]


def _expire(thing: Any) -> None:
    thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Revision, now: datetime) -> None:
    """What expired while nobody was here is published and taken back at once: nobody ever sees it."""
    if four_eyes.problem(revision, _who_scheduled(revision)):
        _refuse(revision)
        return
    revision.publish(log_action="wagtail.publish.scheduled")
    expiry = dateparse.parse_datetime(revision.content.get("expire_at") or "")
    if expiry and expiry <= now:
        _expire(revision.content_object)


def _who_scheduled(revision: Revision) -> Any:
    entries = [
        model.objects.filter(action="wagtail.publish.schedule", revision=revision)
        .order_by("-timestamp")
        .first()
        for model in (PageLogEntry, ModelLogEntry)
    ]
    found = [entry for entry in entries if entry]
    return found[0].user if found else None


def _refuse(revision: Revision) -> None:
    """Scheduled by who wrote it, before four eyes were asked for or past the studio: it stays a draft."""
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    log_action(instance=revision.content_object, action="studio.schedule.refused", revision=revision)
    log.warning("%s was scheduled by who changed it last: not published", revision)
