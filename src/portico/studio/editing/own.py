"""Which publish is one's own: remembered in the session, so that it can be followed, also after a reload.

Wagtail's log tells, in this very thread, what the person's request did; the revision's number is read when
its transaction is over. It may be a later one's by then: that one contains one's own change, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from wagtail.models import DraftStateMixin, ModelLogEntry, Page, PageLogEntry

from portico.studio.editing import revision
from portico.studio.editing.checks import targets

KEY = "own_publish"
WISH = "own_wish"
TOLD = "own_told"
"""What a session knows: the own publish, the own wish, and since when its end was told."""

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


@dataclass(frozen=True, slots=True)
class Own:
    """`what` was changed, and it is public when revision `revision` is; `at` is when it was committed.

    `path` is where visitors see it, when it has a place of its own.
    """

    revision: int
    at: float
    what: str
    gone: bool = False
    path: str = ""


_done: ContextVar[list[Own] | None] = ContextVar("done", default=None)


def of(request: HttpRequest) -> Own | None:
    kept = request.session.get(KEY)
    return Own(**kept) if kept else None


def forget(request: HttpRequest) -> None:
    for key in (KEY, WISH, TOLD):
        request.session.pop(key, None)


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
            forget(request)  # what was followed before is followed no more
            request.session[KEY] = asdict(replace(done[0], revision=after, at=time.time()))
        return response


def _logged(instance: Any, created: bool, **_: Any) -> None:  # noqa: FBT001 - Django's signature
    done = _done.get()
    if done is None or not created:
        return
    if instance.action in VISIBLE or (instance.action in OF_WHAT_HAS_NO_DRAFT and not _has_draft(instance)):
        gone = instance.action in {"wagtail.unpublish", "wagtail.delete"}
        path = "" if gone or not isinstance(instance, PageLogEntry) else targets.path_of(instance.page)
        done.append(Own(0, 0, instance.label, gone, path))


def _has_draft(entry: Any) -> bool:
    model = entry.content_type.model_class()
    return model is not None and (issubclass(model, Page | DraftStateMixin))
