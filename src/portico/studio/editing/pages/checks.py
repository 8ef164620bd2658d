"""What the checks say about the draft of a page, for the panel in the editor."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from wagtail.models import Page

from portico.studio.editing.checks import blocking
from portico.studio.editing.checks.findings import ERROR


@never_cache
def of_page(request: HttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=page_id).specific
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "studio_admin/findings.html", findings(page))


def findings(page: Page) -> dict[str, Any]:
    found = blocking.of(page.get_latest_revision_as_object())
    return {
        "errors": [one for one in found if one.level == ERROR],
        "warnings": [one for one in found if one.level != ERROR],
    }
