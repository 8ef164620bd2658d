"""Undo the last publish: says what will happen, and wishes for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page, Site

from portico.studio.editing import own, published, wishes
from portico.studio.editing.checks import targets

PERMISSION = "studio.undo_publish"


@dataclass(frozen=True, slots=True)
class Changed:
    """A path of the site, and the page that stands there: none for a feed or a page that is gone."""

    path: str
    page: Page | None

    @property
    def history_url(self) -> str:
        return reverse("wagtailadmin_pages:history", args=[self.page.pk]) if self.page else ""


class UndoView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "studio_admin/undo.html"
    page_title = _("Undo the last publish")
    header_icon = "resubmit"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = published.read()
        return {
            **super().get_context_data(**kwargs),
            "state": state,
            "changed": pages_at(state.now.changed) if state else [],
            "when": when(state.now.at) if state else None,
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        state = published.read()
        meant = request.POST.get("snapshot", "")
        if state is None or not state.can_be_undone:
            messages.error(request, _("There is no publish that could be undone."))
        elif state.now.snapshot != meant:
            messages.error(
                request, _("Meanwhile something else was published: look again at what would be undone.")
            )
            return redirect("studio_undo")
        else:
            own.forget(request)
            request.session[own.WISH] = wishes.undo(request.user, meant).pk
        return redirect("wagtailadmin_home")


def pages_at(paths: tuple[str, ...]) -> list[Changed]:
    """The pages that are live at `paths`."""
    site = Site.objects.get(is_default_site=True)
    return [Changed(path, targets.page_at(path, site)) for path in paths]


def when(seconds: float) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(seconds, UTC))
