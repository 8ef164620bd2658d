"""The subscriptions once their file can be opened; until then what is theirs waits, and all else goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial

from portico.intake.post import Post
from portico.relay.subscriptions import FORMS, Subscriptions

log = logging.getLogger("portico.relay")

AGAIN_S = 5.0


class Mailing:
    """`takes` and `run` as the subscriptions have them; `opened` makes those, and raises while it can't."""

    def __init__(self, opened: Callable[[], Subscriptions]) -> None:
        self._opened = opened
        self._open: Subscriptions | None = None
        self._mutex = threading.Lock()

    @property
    def takes(self) -> Mapping[str, Callable[[Post], object]]:
        return {form: partial(self._take, form) for form in FORMS}

    def run(self, stopped: threading.Event) -> None:
        told = ""
        while not stopped.is_set():
            try:
                subscriptions = self._there()
            except Exception as error:
                if told != (told := f"{type(error).__name__}: {error}"):
                    log.exception("the subscribers can't be opened; it is tried again")
                stopped.wait(AGAIN_S)
            else:
                subscriptions.run(stopped)

    def _take(self, form: str, post: Post) -> None:
        self._there().takes[form](post)

    def _there(self) -> Subscriptions:
        with self._mutex:
            if self._open is None:
                self._open = self._opened()
            return self._open
