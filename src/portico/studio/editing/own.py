"""Which publish is one's own: remembered in the session, so that it can be followed, also after a reload.

Wagtail's log tells, in this very thread, what the person's request did; the revision's number is read when
its transaction is over. It may be a later one's by then: that one contains one's own change, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from wagtail.models import DraftStateMixin, ModelLogEntry, Page, PageLogEntry

from portico.studio.editing import revision

KEY = "own_publish"
# what Wagtail calls the things that a visitor sees at once
VISIBLE = {
    "wagtail.publish",
    "wagtail.unpublish",
    "wagtail.delete",
    "wagtail.move",
    "wagtail.reorder",
    "wagtail.copy",
    "wagtail.create_alias",
    "wagtail.view_restriction.create",
    "wagtail.view_restriction.edit",
    "wagtail.view_restriction.delete",
}
OF_WHAT_HAS_NO_DRAFT = {"wagtail.create", "wagtail.edit", "wagtail.delete"}
_done: ContextVar[list[str] | None] = ContextVar("done", default=None)


@dataclass(frozen=True, slots=True)
class Own:
    """`what` was changed, and it is public when revision `revision` is; `at` is when it was committed."""

    revision: int
    at: float
    what: str
    gone: bool = False


def of(request: HttpRequest) -> Own | None:
    kept = request.session.get(KEY)
    return Own(**kept) if kept else None


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        post_save.connect(_logged, sender=PageLogEntry, dispatch_uid="portico-own-page")
        post_save.connect(_logged, sender=ModelLogEntry, dispatch_uid="portico-own-model")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        before = revision.number()
        token = _done.set([])
        try:
            response = self.get_response(request)
            done = _done.get() or []
        finally:
            _done.reset(token)
        after = revision.number() if done else before
        if after > before:
            gone = done[0].startswith("-")
            own = Own(after, time.time(), done[0].lstrip("+-"), gone)
            request.session[KEY] = asdict(own)
        return response


def _logged(instance: Any, created: bool, **_: Any) -> None:  # noqa: FBT001 - Django's signature
    done = _done.get()
    if done is None or not created:
        return
    if instance.action in VISIBLE or (instance.action in OF_WHAT_HAS_NO_DRAFT and not _has_draft(instance)):
        gone = instance.action in {"wagtail.unpublish", "wagtail.delete"}
        done.append(("-" if gone else "+") + instance.label)


def _has_draft(entry: Any) -> bool:
    model = entry.content_type.model_class()
    return model is not None and (issubclass(model, Page | DraftStateMixin))
