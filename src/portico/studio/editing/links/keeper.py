"""Keeps the links' report fresh, in the background: looks at what was frozen anew, asks outside now and then.

Run by the studio's back process (`studio/back/work.py`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from wagtail.models import Site

from portico.studio import apart
from portico.studio.editing import frozen
from portico.studio.editing.links import looking, outside, store
from portico.studio.models import OutsideLink

LOOKS_EVERY = 5.0
ASKS_EVERY = 0.5
FRESH = timedelta(days=1)
FRESH_WHEN_FAILING = timedelta(hours=1)

Ask = Callable[[str], outside.Answer]


def keep(ending: threading.Event) -> None:
    Keeper().run(ending)


class Keeper:
    def __init__(self, ask: Ask = outside.ask) -> None:
        self._ask = ask
        self._revision = self._seen = ""

    def run(self, ending: threading.Event) -> None:
        while not ending.is_set():
            self.look()
            asked = self.ask_one(timezone.now())
            ending.wait(ASKS_EVERY if asked else LOOKS_EVERY)

    def look(self) -> bool:
        """Scan what was frozen, when it stayed the same since the last look: never while people publish."""
        revision, seen = frozen.revision(), self._seen
        self._seen = revision
        if not revision or revision == self._revision or revision != seen:
            return False
        found = apart.run(looking.look, settings.HERE.data / "frozen", _hosts())
        store.write(store.Found(found.revision, time.time(), found.broken, found.outside))
        _remember(found.outside)
        self._revision = revision
        return True

    def ask_one(self, now: datetime) -> bool:
        """Ask the outside link that waits longest; whether there was one."""
        link = _due(now)
        if link is None:
            return False
        answer = self._ask(link.url)
        link.status, link.why, link.checked_at = answer.status, answer.why, now
        link.failing_since = None if answer.is_good else link.failing_since or now
        link.save()
        return True


def _due(now: datetime) -> OutsideLink | None:
    never = OutsideLink.objects.filter(checked_at=None).order_by("pk").first()
    if never:
        return never
    failing = OutsideLink.objects.filter(failing_since__isnull=False, checked_at__lt=now - FRESH_WHEN_FAILING)
    fine = OutsideLink.objects.filter(failing_since=None, checked_at__lt=now - FRESH)
    return (failing | fine).order_by("checked_at").first()


def _remember(urls: Collection[str]) -> None:
    known = dict(OutsideLink.objects.values_list("url", "pk"))
    OutsideLink.objects.bulk_create(
        [OutsideLink(url=url) for url in urls if url not in known and len(url) <= 2000], ignore_conflicts=True
    )
    gone = [pk for url, pk in known.items() if url not in urls]
    for start in range(0, len(gone), 500):
        OutsideLink.objects.filter(pk__in=gone[start : start + 500]).delete()


def _hosts() -> set[str]:
    roots = [settings.HERE.site, *(site.root_url for site in Site.objects.all())]
    return {urlsplit(root).netloc for root in roots}
