"""Tells Wagtail about Portico's pages, styles, icons, reports, log actions and permissions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.models import PreviewableMixin

from portico.studio.editing import dashboard
from portico.studio.editing.pages import urls
from portico.studio.forms import sorting

DEVICES = [
    ("phone", "mobile-alt", 390, _("Preview as on a phone")),
    ("tablet", "tablet-alt", 820, _("Preview as on a tablet")),
    ("desktop", "desktop", 1280, _("Preview as on a desktop")),
]


def register() -> None:
    hooks.register("register_admin_urls", lambda: urls.urlpatterns)
    hooks.register("insert_global_admin_css", _style)
    hooks.register("insert_global_admin_js", _script)
    hooks.register("construct_homepage_panels", dashboard.add)
    hooks.register("register_reports_menu_item", _links)
    hooks.register("register_reports_menu_item", _activity)
    hooks.register("register_permissions", _permissions)
    hooks.register("register_log_actions", _log_actions)
    _sizes()


def _sizes() -> None:
    """Of the devices that the previewed page is shown as; the first one is what an editor begins with."""
    PreviewableMixin.DEFAULT_PREVIEW_SIZES = [
        {"name": name, "icon": icon, "device_width": width, "label": label}
        for name, icon, width, label in DEVICES
    ]


def _style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("studio_admin/admin.css"))


def _script() -> str:
    return format_html('<script src="{}" defer></script>', static("studio_admin/admin.js"))


def _links() -> MenuItem:
    return MenuItem(_("Broken links"), reverse("studio_links"), icon_name="link", order=100)


def _activity() -> MenuItem:
    return MenuItem(_("Activity"), reverse("studio_activity"), icon_name="history", order=110)


def _permissions() -> Any:
    return Permission.objects.filter(content_type__app_label="studio", codename="undo_publish")


def _log_actions(actions: Any) -> None:
    actions.register_action(
        "studio.schedule.refused", _("Refuse schedule"), _("Not published in time: four eyes were asked for")
    )
    actions.register_action(f"{sorting.ACTION}{sorting.SPAM}")(_Spam)
    actions.register_action(f"{sorting.ACTION}{sorting.NOT_SPAM}")(_NotSpam)


class _Spam(LogFormatter):
    label = _("Spam")

    def format_message(self, log_entry: Any) -> str:
        count = log_entry.data["entries"]
        return ngettext("Spam: %(count)d entry", "Spam: %(count)d entries", count) % {"count": count}


class _NotSpam(LogFormatter):
    label = _("Not spam")

    def format_message(self, log_entry: Any) -> str:
        count = log_entry.data["entries"]
        return ngettext("Not spam: %(count)d entry", "Not spam: %(count)d entries", count) % {"count": count}
