"""The report of broken links: inside the published site, and outside with what was really answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page, Site

from portico.studio.editing.checks import targets
from portico.studio.editing.links import store
from portico.studio.editing.pages import undo
from portico.studio.models import OutsideLink

SHOWN = 200


class LinksView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "studio_admin/links.html"
    page_title = _("Broken links")
    header_icon = "link"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found = store.read()
        if found is None:
            return context
        site = Site.objects.get(is_default_site=True)
        inside = [(one, targets.page_at(one.path, site)) for one in found.broken[:SHOWN]]
        failing = store.failing().order_by("-failing_since")[:SHOWN]
        return {
            **context,
            "found": found,
            "looked_at": undo.when(found.at),
            "inside": inside,
            "more": max(len(found.broken) - SHOWN, 0),
            "outside": [(link, _pages(found.outside.get(link.url, []), site)) for link in failing],
            "asked": OutsideLink.objects.filter(checked_at__isnull=False).count(),
            "known": len(found.outside),
        }


def _pages(paths: list[str], site: Site) -> list[tuple[str, Page | None]]:
    return [(path, targets.page_at(path, site)) for path in paths[:3]]
