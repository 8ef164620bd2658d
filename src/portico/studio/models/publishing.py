"""What people want of the published site, who must look twice, and what outside links answered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask


class Wish(models.Model):
    """Something that only Portico can do to the site; the freezer takes it along and tells what became of it.

    `snapshot` is what stood at the edge when it was asked for: a wish about another one comes too late.
    """

    UNDO = "undo"
    KINDS = [(UNDO, _("undo the last publish"))]

    kind = models.CharField(max_length=20, choices=KINDS)
    snapshot = models.CharField(max_length=80, blank=True, default="")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    ok = models.BooleanField(null=True)
    said = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        default_permissions = ()
        permissions = [("undo_publish", _("Can undo the last publish"))]
        indexes = [models.Index(fields=["ok", "id"], name="studio_wish_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.by})"


class Approval(AbstractGroupApprovalTask):
    """Approval by a group; where four eyes are asked for, never by who changed the page last."""

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def get_actions(self, obj: Any, user: Any) -> list[tuple]:
        from portico.studio.editing import four_eyes  # noqa: PLC0415 - models are loaded before what uses them

        actions = super().get_actions(obj, user)
        if four_eyes.problem(obj.get_latest_revision(), user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        from portico.studio.editing import gate  # noqa: PLC0415 - models are loaded before what uses them

        if action_name == "approve":
            latest = task_state.workflow_state.content_object.get_latest_revision()
            gate.pass_or_refuse(latest, user)
        return super().on_action(task_state, user, action_name, **kwargs)


class OutsideLink(models.Model):
    """What an address that the site links to answered last: `status` is 0 when nothing did, `why` tells."""

    url = models.CharField(max_length=2000, unique=True)
    status = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True, default="")
    checked_at = models.DateTimeField(null=True, blank=True, db_index=True)
    failing_since = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("outside link")
        verbose_name_plural = _("outside links")
        default_permissions = ()

    def __str__(self) -> str:
        return self.url
