"""The admin's pages and answers that are Portico's own, below /studio/."""

from __future__ import annotations

from django.urls import path

from portico.studio.editing.pages import activity, checks, following, links, undo

urlpatterns = [
    path("publishing/progress/", following.progress_view, name="studio_progress"),
    path("publishing/dismiss/", following.dismiss, name="studio_dismiss"),
    path("publishing/undo/", undo.UndoView.as_view(), name="studio_undo"),
    path("publishing/checks/<int:page_id>/", checks.of_page, name="studio_checks"),
    path("reports/links/", links.LinksView.as_view(), name="studio_links"),
    path("reports/activity/", activity.ActivityView.as_view(), name="studio_activity"),
]
