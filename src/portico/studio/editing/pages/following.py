"""Follows one's own publish, or one's own wish, for the panel that every page of the admin shows."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portico.studio.editing import own, progress, published
from portico.studio.models import Wish

STAYS = 20
"""Seconds for which a publish that is over is still shown on the pages that follow."""


def told(request: HttpRequest) -> progress.Told | None:
    """What became of what this person did last; nothing when there was nothing."""
    now, state = time.time(), published.read()
    if own.WISH in request.session:
        wish = Wish.objects.filter(pk=request.session[own.WISH]).first()
        return progress.tell_wish(wish, now) if wish else None
    mine = own.of(request)
    return progress.tell(state, mine, now) if mine else None


def shows(request: HttpRequest) -> bool:
    """Whether a page should show the panel: not for what was over when the person saw it a while ago."""
    if not hasattr(request, "session") or not ({own.WISH, own.KEY} & set(request.session.keys())):
        return False
    over = request.session.get(own.TOLD)
    if over and time.time() - over > STAYS:
        own.forget(request)
        return False
    return True


@require_GET
@never_cache
def progress_view(request: HttpRequest) -> JsonResponse:
    said = told(request)
    if said is None:
        return JsonResponse({"state": "nothing", "over": True})
    if said.state == progress.OVER and own.TOLD not in request.session:
        request.session[own.TOLD] = time.time()
    return JsonResponse({**_as_json(said), "url": _address(request) if said.state == progress.OVER else ""})


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    own.forget(request)
    return HttpResponse(status=204)


def _address(request: HttpRequest) -> str:
    """Where visitors see what one published."""
    mine = own.of(request)
    path = mine.path if mine and own.WISH not in request.session else ""
    return settings.HERE.site.rstrip("/") + path if path else ""


def _as_json(said: progress.Told) -> dict[str, Any]:
    return {
        "state": said.state,
        "line": said.line,
        "steps": list(said.steps),
        "why": said.why,
        "hint": said.hint,
        "over": said.is_over,
    }
