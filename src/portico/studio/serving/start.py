"""`python -m portico.studio serve`: make the database ready, then keep front and back alive."""

from __future__ import annotations

import functools

from django.conf import settings
from django.urls import get_resolver

from portico.studio.back import server as back
from portico.studio.database import ready
from portico.studio.pictures import worker as pictures
from portico.studio.serving import front, sockets, tree


def serve() -> int:
    here = settings.HERE
    for folder in (here.data, here.run):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with sockets.alone(here.run, tree.GRACE + 2):
        code = tree.once(ready.make)
        if code:
            return code
        get_resolver().url_patterns  # noqa: B018 - loads what answers, once for all children
        editors = sockets.tcp(here.listen, here.port)
        private = sockets.private(here.run / "back.sock")
        tree.run(
            {
                "front": functools.partial(front.run, editors),
                "back": functools.partial(back.run, private),
                "pictures": pictures.run,
            }
        )
    return 0
