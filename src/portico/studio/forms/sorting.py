"""What an editor says of entries against what Portico thought: this is spam, this is none."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop
from wagtail.log_actions import log

from portico.studio.models.forms import Deliveries, FormPage

BY_HAND = gettext_noop("marked by hand")
SPAM, NOT_SPAM = "spam", "not_spam"
ACTION = "studio.entries."
"""What the log's actions begin with; how many entries there were is told beside, and no word of theirs."""


def to_spam(page: FormPage, entries: Deliveries, who: models.Model) -> int:
    """How many there were. What is not mailed yet is mailed no more."""
    return _sort(page, entries.filter(spam=False), who, SPAM, {"why": BY_HAND})


def not_spam(page: FormPage, entries: Deliveries, who: models.Model, now: datetime) -> int:
    """How many there were. What was never mailed is mailed now; a mail under way keeps its turn."""
    due = Coalesce("mail_after", models.Value(now)) if page.recipients else models.F("mail_after")
    return _sort(page, entries.filter(spam=True), who, NOT_SPAM, {"why": "", "mail_after": due})


def _sort(
    page: FormPage, entries: Deliveries, who: models.Model, where: str, columns: dict[str, object]
) -> int:
    """Whoever else presses the same button meanwhile finds nothing left to change."""
    with transaction.atomic():
        count = entries.update(spam=where == SPAM, **columns)
        if count:
            log(page, f"{ACTION}{where}", user=who, data={"entries": count})
    return count
