"""Four eyes: nobody publishes, approves or schedules what they themselves changed last since it was live.

`gate` asks here on every road to the public. Who changed a page last is read from what its revisions hold,
not from who saved them: publishing saves a revision, too, and a save without a change changes nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _
from wagtail.models import COMMENTS_RELATION_NAME, Page, Revision
from wagtail_localize.models import SegmentOverride, StringTranslation, Translation

# when it is shown, who holds it and what was said about it are not what visitors read
NOT_CONTENT = {
    COMMENTS_RELATION_NAME,
    "comments",
    "depth",
    "draft_title",
    "expire_at",
    "expired",
    "first_published_at",
    "go_live_at",
    "has_unpublished_changes",
    "id",
    "last_published_at",
    "latest_revision",
    "latest_revision_created_at",
    "live",
    "live_revision",
    "locked",
    "locked_at",
    "locked_by",
    "numchild",
    "owner",
    "path",
    "pk",
    "url_path",
}
_EDITOR_KEYS = re.compile(r' data-block-key="[^"]*"')


def wanted() -> bool:
    return bool(settings.FOUR_EYES)


def problem(revision: Revision | None, user: Any) -> str:
    """Why `user` may not bring `revision` to the public, or nothing."""
    if not wanted() or revision is None or user is None or last_changer(revision) != user.pk:
        return ""
    return _say(revision.object_str or revision.content_object)


def problem_of_translation(translation: Translation, user: Any) -> str:
    """The same for a translation, whose words become the page's when it is published."""
    if not wanted() or last_translator(translation) != user.pk:
        return ""
    return _say(translation.source.object_repr)


def _say(title: Any) -> str:
    return _(
        "Four eyes: you changed “%(title)s” last, so somebody else has to look at it and publish it. "
        "Your changes are kept as a draft: submit them for approval."
    ) % {"title": title}


def last_changer(revision: Revision) -> Any:
    """The id of who changed the content last since the live revision; None when nobody did or is known."""
    live = getattr(revision.content_object, "live_revision_id", None)
    newer, held = revision, content(revision.content)
    for older in _older(revision):
        held_before = content(older.content)
        if held != held_before:
            return _author(newer)
        if older.pk == live:
            return None
        newer, held = older, held_before
    return None if held == _without_revision(revision) else _author(newer)


def content(value: Any) -> Any:
    """`value` of a revision without what is no content, so that two equal ones read the same to visitors."""
    if isinstance(value, dict):
        return {key: content(item) for key, item in value.items() if key not in NOT_CONTENT}
    if isinstance(value, list):
        return [content(item) for item in value]
    if isinstance(value, str):
        return content(json.loads(value)) if _is_stream(value) else _EDITOR_KEYS.sub("", value)
    return value


def _is_stream(value: str) -> bool:
    if not value.startswith("["):
        return False
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _older(revision: Revision) -> Iterator[Revision]:
    return (
        Revision.objects.filter(
            base_content_type_id=revision.base_content_type_id,
            object_id=revision.object_id,
            created_at__lte=revision.created_at,
        )
        .exclude(pk__gte=revision.pk)
        .order_by("-created_at", "-pk")
        .iterator(chunk_size=5)
    )


def _without_revision(revision: Revision) -> Any:
    """What is live though no revision ever was (a seeded page), to compare the first revision with."""
    thing = revision.content_object
    if not getattr(thing, "live", False) or getattr(thing, "live_revision_id", None):
        return None
    stored = json.loads(json.dumps(thing.serializable_data(), default=str))
    return content(stored)


def _author(revision: Revision) -> Any:
    """Who wrote it: of a translation that is whoever translated last, not who pressed the button."""
    translator = _translator(revision.content_object)
    return translator if translator is not None else revision.user_id


def _translator(thing: Any) -> Any:
    if not isinstance(thing, Page):
        return None
    translation = Translation.objects.filter(
        source__object_id=thing.translation_key, target_locale=thing.locale_id, enabled=True
    ).first()
    return last_translator(translation) if translation else None


def last_translator(translation: Translation) -> Any:
    """The id of who translated a string, or overrode a value, last since the translation was published."""
    contexts = {
        "context__object_id": translation.source.object_id,
        "locale": translation.target_locale_id,
        "last_translated_by__isnull": False,
    }
    published = _last_published(translation)
    if published:
        contexts["updated_at__gt"] = published
    last = [
        model.objects.filter(**contexts).order_by("-updated_at").first()
        for model in (StringTranslation, SegmentOverride)
    ]
    found = max((row for row in last if row), key=lambda row: row.updated_at, default=None)
    return found.last_translated_by_id if found else None


def _last_published(translation: Translation) -> Any:
    try:
        return getattr(translation.get_target_instance(), "last_published_at", None)
    except ObjectDoesNotExist:
        return None
