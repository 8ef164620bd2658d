"""How far one's own publish came, in words: a pure function of what the freezer told and of the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.formats import number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.studio.editing.own import Own
from portico.studio.editing.published import FAILED, LIVE, ROLLED_BACK, Publish, Published
from portico.studio.models import Wish

PATIENCE = 5.0
"""Seconds after which nobody believes any longer that the freezer is only busy."""

WAITING, WORKING, STUCK, OVER, BROKEN = "waiting", "working", "stuck", "over", "broken"


@dataclass(frozen=True, slots=True)
class Told:
    """`state` is one of the five above, `line` a sentence, `steps` what is done already."""

    state: str
    line: str
    steps: tuple[str, ...] = ()
    why: str = ""
    hint: str = ""

    @property
    def is_over(self) -> bool:
        return self.state in {OVER, BROKEN}


def tell(published: Published | None, own: Own, now: float) -> Told:
    mine = _mine(published, own) if published else None
    if mine is None:
        return _unheard(published, own, now)
    steps = tuple(_step(name) for name in (step.name for step in mine.steps))
    if mine.state == FAILED:
        return Told(
            BROKEN, _("Not published. Visitors still get what was there before."), steps, mine.why, mine.hint
        )
    if mine.state == ROLLED_BACK:
        who = {"by": mine.undone_by or _("somebody")}
        return Told(OVER, _("It was live; then %(by)s undid the publish.") % who, steps)
    if mine.state == LIVE:
        return Told(OVER, _gone(mine, own) if own.gone else summary(mine), steps)
    if now - max(own.at, published.told_at if published else 0) > PATIENCE:
        return _silent(published.told_at if published else own.at, steps)
    return Told(WORKING, _("Publishing …"), steps)


def tell_wish(wish: Wish, now: float) -> Told:
    """The same for an undo that one asked for."""
    asked = wish.asked_at.timestamp()
    if wish.ok is None and now - asked > PATIENCE:
        return _silent(asked, ())
    if wish.ok is None:
        return Told(WAITING, _("Undoing the last publish …"))
    if wish.ok:
        return Told(OVER, _("Undone: visitors get what was published before."), why=wish.said)
    return Told(BROKEN, _("Not undone: visitors get what they got before."), why=wish.said)


def summary(publish: Publish) -> str:
    """As in "frozen, checked, in cluster a, in cluster b, live, 0.6 s"."""
    names = [_step(step.name) for step in publish.steps] or [_step(LIVE)]
    return ", ".join([*names, _seconds(publish.seconds)])


def _mine(published: Published, own: Own) -> Publish | None:
    """The publish that my change is in: the oldest one that went live with it, else the newest that tried."""
    tried = [one for one in (published.now, *published.history) if one.revision >= own.revision]
    went_live = [one for one in tried if one.state in {LIVE, ROLLED_BACK}]
    if went_live:
        return min(went_live, key=lambda one: (one.revision, one.state != ROLLED_BACK))
    return published.now if tried else None


def _unheard(published: Published | None, own: Own, now: float) -> Told:
    heard = published.told_at if published else 0.0
    if now - max(own.at, heard) > PATIENCE:
        return _silent(min(own.at, heard) if heard else own.at, ())
    if published and not published.now.is_over:
        return Told(WAITING, _("Another publish is on its way, yours is next."))
    return Told(WAITING, _("Saved; now it is frozen …"))


def _silent(since: float, steps: tuple[str, ...]) -> Told:
    when = {"time": time_format(timezone.localtime(datetime.fromtimestamp(since, UTC)), "H:i:s")}
    return Told(
        STUCK,
        _("The freezer doesn't answer since %(time)s.") % when,
        steps,
        hint=_("Your change is saved. It goes live by itself as soon as the freezer is back."),
    )


def _gone(mine: Publish, own: Own) -> str:
    said = {"what": own.what, "seconds": _seconds(mine.seconds)}
    return _("“%(what)s” is gone from every cluster, the mirror and the edge, %(seconds)s.") % said


def _seconds(seconds: float) -> str:
    return _("%(seconds)s s") % {"seconds": number_format(seconds, 1)}


def _step(name: str) -> str:
    """The freezer's words, in the editor's language."""
    known = {
        "frozen": _("frozen"),
        "checked": _("checked"),
        "live": _("live"),
        "in the mirror": _("in the mirror"),
    }
    if name.startswith("in cluster "):
        return _("in cluster %(name)s") % {"name": name.removeprefix("in cluster ")}
    return known.get(name, name)


def pages(count: int) -> str:
    return ngettext("%(count)d page", "%(count)d pages", count) % {"count": count}
