"""Who did what: Wagtail's log, wishes, and what the freezer told of publishes, in one list by time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry, PageLogEntry

from portico.studio.editing import progress, published
from portico.studio.models import Wish


@dataclass(frozen=True, slots=True)
class Entry:
    """`mark` is the kind of thing: "log", "publish" or "undo"."""

    at: datetime
    who: str
    what: str
    thing: str = ""
    url: str = ""
    mark: str = "log"


def entries(person: Any, who: str, most: int) -> list[Entry]:
    """The newest `most` that `person` may see, of `who` alone when that is a name."""
    sources = [_pages(person), _models(person), _undos(), _publishes()]
    newest = merge(*sources, key=lambda entry: entry.at, reverse=True)
    return list(islice((entry for entry in newest if not who or entry.who == who), most))


def _pages(person: Any) -> Iterator[Entry]:
    return _logged(PageLogEntry.objects.viewable_by_user(person), person)


def _models(person: Any) -> Iterator[Entry]:
    return _logged(ModelLogEntry.objects.viewable_by_user(person), person)


def _logged(rows: Any, person: Any) -> Iterator[Entry]:
    finder = AdminURLFinder(person)
    newest = rows.select_related("user", "content_type").order_by("-timestamp")
    for row in newest.iterator(chunk_size=100):
        yield Entry(row.timestamp, _name(row), _what(row), row.label, _url(row, finder))


def _what(row: Any) -> str:
    """Portico's own actions say more than their name."""
    if not registry.action_exists(row.action):
        return str(row.action)
    own = row.action.startswith("studio.")
    return force_str(row.message if own else registry.get_action_label(row.action))


def _url(row: Any, finder: AdminURLFinder) -> str:
    if row.deleted:
        return ""
    if isinstance(row, PageLogEntry):
        return reverse("wagtailadmin_pages:history", args=[row.page_id])
    model = row.content_type.model_class() if row.content_type else None
    return finder.get_edit_url(model(pk=row.object_id)) or "" if model else ""


def _name(row: Any) -> str:
    if row.user is None:
        return _("the studio itself")
    return row.user.get_full_name() or row.user.get_username()


def _undos() -> Iterator[Entry]:
    for wish in Wish.objects.order_by("-asked_at").iterator(chunk_size=50):
        became = {None: _("waits"), True: _("done"), False: wish.said or _("refused")}[wish.ok]
        yield Entry(wish.asked_at, wish.by, _("Undo the last publish"), became, mark="undo")


def _publishes() -> Iterator[Entry]:
    state = published.read()
    known = {(one.revision, one.state): one for one in ((state.now, *state.history) if state else ())}
    for one in sorted(known.values(), key=lambda publish: -publish.at):
        at = datetime.fromtimestamp(one.at, UTC)
        failed = one.state == published.FAILED
        what = _("Not published") if failed else _("Live")
        yield Entry(at, one.by, what, one.why if failed else progress.summary(one), mark="publish")
