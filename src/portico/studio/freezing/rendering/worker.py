"""A process that renders for another one. It begins without Django: nothing here may import it at once."""

from __future__ import annotations

import multiprocessing
import os
import threading
from contextlib import ExitStack
from multiprocessing import connection
from typing import Any

_here: dict[str, Any] = {}


def begin(revision: int, settings: dict[str, Any]) -> None:
    """Set Django up, and keep a reading transaction open until the process ends."""
    end_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.studio.settings")
    import django  # noqa: PLC0415 - see above

    django.setup()
    from portico.studio.freezing import consistent  # noqa: PLC0415 - see above
    from portico.studio.freezing.queries import answers  # noqa: PLC0415 - see above

    stack = ExitStack()
    found = stack.enter_context(consistent.reading(settings))
    _here.update(stack=stack, moved=found != revision, known=answers.Answers())


def end_with_parent() -> None:
    """One whose parent was killed would wait for ever, and keep the database from shrinking its log."""
    if parent := multiprocessing.parent_process():

        def watch() -> None:
            connection.wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True, name="parent").start()


def render(wanted: list[Any]) -> tuple[list[Any], dict, dict] | None:
    """What was rendered, and the plans and answers learned by it; None when this is another revision."""
    from portico.studio.freezing.rendering import many  # noqa: PLC0415 - see above

    if _here["moved"]:
        return None
    known = _here["known"]
    plans, found = set(known.plans), set(known.found)
    made = list(many.each(wanted, known))
    return (
        made,
        {sql: known.plans[sql] for sql in known.plans.keys() - plans},
        {query: known.found[query] for query in known.found.keys() - found},
    )
