"""The one gate to the public: every road that publishes, schedules or approves passes here (decision 0100).

Wagtail's button, its bulk action, its workflows, its API and its snippets all end in `PublishRevisionAction`;
a translation is written before it gets there, so it is asked earlier, too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.db.models.signals import pre_save
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision
from wagtail_localize.models import Translation

from portico.studio.editing import four_eyes
from portico.studio.editing.checks import blocking
from portico.studio.editing.refusal import Refused


def pass_or_refuse(revision: Revision, user: Any) -> None:
    reason = four_eyes.problem(revision, user)
    reasons = [reason] if reason else blocking.errors(revision)
    if reasons:
        raise Refused(reasons, revision.content_object)


def install() -> None:
    """Called once, when Django is ready."""
    PublishRevisionAction._publish_revision = _guarded(PublishRevisionAction._publish_revision)  # noqa: SLF001 - the place through which all roads lead
    Translation.save_target = _guarded_translation(Translation.save_target)
    pre_save.connect(_arrive_as_draft, dispatch_uid="portico-arrive-as-draft")


def _guarded(publish: Callable) -> Callable:
    @functools.wraps(publish)
    def guarded(action: Any, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        person = action.user or _person()
        if person is not None:
            pass_or_refuse(revision, person)
        return publish(action, revision, *args, **kwargs)

    return guarded


def _guarded_translation(save_target: Callable) -> Callable:
    @functools.wraps(save_target)
    def guarded(translation: Translation, user: Any = None, publish: bool = True) -> Any:  # noqa: FBT001, FBT002 - wagtail-localize's own signature
        person = user or _person()
        if publish and person is not None:
            reason = four_eyes.problem_of_translation(translation, person)
            if reason:
                raise Refused([reason], None)
        return save_target(translation, user=user, publish=publish)

    return guarded


def _arrive_as_draft(instance: Any, **_: Any) -> None:
    """Wagtail adds a page that is to be published as a live one before it asks anybody: let it be a draft.

    An alias shows what was let through already. So does a copy, which keeps its first publishing date; with
    four eyes it waits for them, as it may have another title.
    """
    if not isinstance(instance, Page) or not instance._state.adding or _person() is None:  # noqa: SLF001 - Django's own way to tell
        return
    is_copy = instance.first_published_at is not None
    if instance.live and not instance.alias_of_id and (four_eyes.wanted() or not is_copy):
        instance.live = False
        instance.has_unpublished_changes = True


def _person() -> Any:
    return get_active_log_context().user
