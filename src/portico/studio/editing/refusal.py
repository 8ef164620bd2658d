"""When the gate says no: the person gets the reasons, on the page that they came from, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder


class Refused(Exception):  # noqa: N818 - it says what happened to the person
    """Not a PermissionDenied: Wagtail answers that one with a sentence that helps nobody."""

    def __init__(self, reasons: list[str], thing: Any) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons
        self.thing = thing


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if "application/json" in request.headers.get("Accept", "") and not _is_modal(request):
            return JsonResponse({"success": False, "error_message": str(exception)}, status=403)
        for reason in exception.reasons:
            messages.error(request, reason)
        where = _back(request, exception.thing)
        if _is_modal(request):
            return JsonResponse({"step": "success", "redirect": where})
        return redirect(where)


def _is_modal(request: HttpRequest) -> bool:
    return request.headers.get("x-requested-with") == "XMLHttpRequest"


def _back(request: HttpRequest, thing: Any) -> str:
    found = AdminURLFinder(request.user).get_edit_url(thing) if thing is not None else None
    if found:
        return found
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    )
    return came_from if is_ours else reverse("wagtailadmin_home")
