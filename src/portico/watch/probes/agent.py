"""A place far from the stack: it looks as visitors there do, with no home, and may be told what to expect."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from portico.kit import canonical
from portico.watch.answer import Answer, What
from portico.watch.probes import chain, looks, report, telling
from portico.watch.probes.expected import Expected
from portico.watch.probes.looks import Asked, Outcome
from portico.watch.probes.telling import Known, Told
from portico.watch.probes.visit import Way
from portico.watch.probes.wire import Task, Tasks


@dataclass(frozen=True, slots=True)
class Agent:
    """Looks at `address`, trusting `roots`."""

    address: str
    roots: ssl.SSLContext
    timeout: float

    def look(self, tasks: Tasks | None) -> dict[str, Outcome]:
        """Each target once; without tasks it only says what it saw."""
        found = {report.EDGE: self.pages(tasks)}
        found[report.NAME] = looks.name(self._way.host, self._way.port, self.timeout)
        if self._way.secure:
            found[report.CERTIFICATE] = self._certificate()
        if self._way.secure and (plain := self._plain(tasks)):
            found[report.REDIRECT] = looks.upgrade(Way(plain), self.timeout)
        return found

    def pages(self, tasks: Tasks | None) -> Outcome:
        if tasks is None:
            path = urlsplit(self.address).path or "/"
            return looks.pages(self._way, Asked((Expected(path, 200),), _described), self.timeout)
        known = {task.expected.path: task for task in tasks.pages}
        asked = Asked(tuple(task.expected for task in tasks.pages), _judging(known.__getitem__))
        return looks.pages(self._way, asked, self.timeout)

    @property
    def _way(self) -> Way:
        return Way(self.address, self.roots if self.address.startswith("https:") else None)

    def _certificate(self) -> Outcome:
        way = self._way
        try:
            shown = chain.ask(way, self.roots, self.timeout)
        except OSError as error:
            told = looks.unanswered("The certificate", error)
            return Outcome(told.what, told.sentence)
        return chain.judge(shown, way.host, datetime.now(UTC), None)

    def _plain(self, tasks: Tasks | None) -> str:
        """The address over plain HTTP, where one is known or usual."""
        if tasks and tasks.http:
            return f"http://{_bracketed(self._way.host)}:{Way(tasks.http).port}/"
        return f"http://{_bracketed(self._way.host)}/" if self._way.port == 443 else ""


def _judging(task_of: Callable[[str], Task]) -> Callable[[Expected, Answer], Told]:
    def tell(page: Expected, answer: Answer) -> Told:
        task = task_of(page.path)
        others = [(other.digest, other.snapshot) for other in task.others]
        return telling.tell(page, answer, Known(lambda: others, lambda: task.sketch))

    return tell


def _described(page: Expected, answer: Answer) -> Told:
    """What was seen, where nobody says what is right; an error is an error anyway."""
    size, digest = len(answer.body), canonical.digest(answer.body)[:12]
    to = answer.headers.get("location")
    seen = f"{page.path} is answered with {answer.status}" + (f" to {telling.shown(to)}" if to else "")
    if answer.status >= 400:
        return Told(What.ERROR, f"{seen}.")
    return Told(What.RIGHT, f"{seen}, {size} bytes, {digest}; nobody says what is right.")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
