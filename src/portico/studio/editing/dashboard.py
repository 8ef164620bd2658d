"""The dashboard's first panels: what visitors get now, what comes by itself, and what the checks found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import Page, Revision

from portico.studio.editing import progress, published
from portico.studio.editing.links import store
from portico.studio.editing.pages import undo

SHOWN = 5


class SitePanel(Component):
    name = "portico_site"
    template_name = "studio_admin/home/site.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request: HttpRequest = parent_context["request"]
        state = published.read()
        context = {"state": state, "may_undo": request.user.has_perm(undo.PERMISSION)}
        if state is None:
            return context
        return {
            **context,
            "when": undo.when(state.now.at),
            "undone_at": undo.when(state.now.undone_at) if state.now.undone_at else None,
            "summary": progress.summary(state.now),
            "publishes": [_row(one) for one in _last(state)],
            "went_back": undo.pages_at(state.now.changed) if state.now.undone_at else [],
        }


@dataclass(frozen=True, slots=True)
class Coming:
    """`goes` is whether it goes away; else it comes."""

    at: datetime
    title: str
    url: str
    goes: bool


class SchedulePanel(Component):
    name = "portico_schedule"
    template_name = "studio_admin/home/schedule.html"
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"coming": coming(timezone.now())[: 2 * SHOWN], "request": parent_context["request"]}


class FindingsPanel(Component):
    name = "portico_findings"
    template_name = "studio_admin/home/findings.html"
    order = 30

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "inside": len(store.broken()),
            "outside": store.failing().count(),
            "request": parent_context["request"],
        }


def add(request: HttpRequest, panels: list[Any]) -> None:  # noqa: ARG001 - Wagtail's hook gives it
    panels += [SitePanel(), SchedulePanel(), FindingsPanel()]


def coming(now: datetime) -> list[Coming]:
    """What is published or expires by itself, the soonest first."""
    starts = Revision.objects.filter(approved_go_live_at__isnull=False).order_by("approved_go_live_at")[
        :SHOWN
    ]
    ends = Page.objects.filter(live=True, expire_at__gte=now, alias_of=None).order_by("expire_at")[:SHOWN]
    found = [Coming(one.approved_go_live_at, one.object_str, _edit_url(one), goes=False) for one in starts]
    found += [Coming(one.expire_at, one.title, _page_url(one.pk), goes=True) for one in ends]
    return sorted(found, key=lambda one: one.at)


def _edit_url(revision: Revision) -> str:
    is_page = issubclass(revision.content_type.model_class() or object, Page)
    return _page_url(revision.object_id) if is_page else ""


def _page_url(pk: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[pk])


def _last(state: published.Published) -> list[published.Publish]:
    older = [
        one for one in state.history if one.revision != state.now.revision or one.state != state.now.state
    ]
    return [state.now, *older][:SHOWN]


def _row(one: published.Publish) -> dict[str, Any]:
    return {
        "publish": one,
        "when": undo.when(one.at),
        "failed": one.state == published.FAILED,
        "undone": bool(one.undone_at),
    }
