"""What publishers wish for and only Portico can do: the freezer takes open ones along and answers each."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from portico.studio.freezing import poke
from portico.studio.models import Wish


def undo(person: Any, snapshot: str) -> Wish:
    """Asked for twice before it is answered, it is one wish."""
    with transaction.atomic():
        waiting = Wish.objects.filter(kind=Wish.UNDO, ok=None, snapshot=snapshot).first()
        if waiting:
            return waiting
        name = person.get_full_name() or person.get_username()
        wish = Wish.objects.create(kind=Wish.UNDO, snapshot=snapshot, asked_by=person, by=name)
        transaction.on_commit(poke.send)
    return wish


def open_ones() -> list[dict[str, Any]]:
    """For the answer of /freeze."""
    return [
        {"id": wish.pk, "kind": wish.kind, "by": wish.by, "snapshot": wish.snapshot}
        for wish in Wish.objects.filter(ok=None).order_by("pk")
    ]


def answer(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """POST /wish: what became of it. Told twice, the first word stands."""
    ok, said = bool(body.get("ok")), str(body.get("said") or "")
    wishes = Wish.objects.filter(pk=body.get("id"))
    if not wishes.exists():
        return 404, {"what": f"there is no wish {body.get('id')}"}
    wishes.filter(ok=None).update(ok=ok, said=said, answered_at=timezone.now())
    return 200, {"ok": True}
