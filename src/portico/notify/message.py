"""What is said to a person: plain text, with links to press and an id by which a copy is known. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portico.model import Severity

LONGEST_TITLE = 100
LONGEST_SHORT = 300


@dataclass(frozen=True, slots=True)
class Link:
    """`words` say what pressing it does."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is the same whenever this message is sent again, `thread` that of all about the same trouble.

    `over` says that the trouble ended.
    """

    id: str
    thread: str
    title: str
    body: str
    severity: Severity
    links: tuple[Link, ...] = ()
    over: bool = False

    @property
    def text(self) -> str:
        """All of it, for mails and chats."""
        links = "\n".join(f"{link.words}:\n{link.url}" for link in self.links)
        return "\n\n".join(part for part in (self.body, links, f"-- \n{self.id}") if part)

    @property
    def markdown(self) -> str:
        """The same for services that take nothing else: what is said stays plain, links can be pressed."""
        said = re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", f"{self.body}\n\n{self.id}").replace("\n", "  \n")
        links = "".join(f"\n\n[{link.words}]({link.url})" for link in self.links)
        return f"{said}{links}"

    @property
    def short(self) -> str:
        """The least that helps besides the title, for a phone's message or a pager."""
        lines = [line for line in self.body.partition("\n\n")[0].splitlines() if line not in self.title]
        said = cut(" ".join(lines), LONGEST_SHORT)
        return "\n".join(filter(None, (said, *(f"{link.words}: {link.url}" for link in self.links[:2]))))


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def title(text: str) -> str:
    """One line of at most 100 characters."""
    return cut(" ".join(text.split()), LONGEST_TITLE)
