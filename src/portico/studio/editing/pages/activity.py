"""The report of who did what."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portico.studio.editing import activity

SHOWN = 200


class ActivityView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "studio_admin/activity.html"
    page_title = _("Activity")
    header_icon = "history"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who = self.request.GET.get("who", "")
        entries = activity.entries(self.request.user, who, SHOWN)
        return {**super().get_context_data(**kwargs), "entries": entries, "who": who}
