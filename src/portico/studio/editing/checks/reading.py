"""Is it pleasant to read and to find: headings, sentences, title, description, pictures' texts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from portico.studio.editing.checks.document import Document, Picture
from portico.studio.editing.checks.findings import Finding, error, warning

LONGEST_TITLE = 60
SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 50, 160
WORDS_OF_A_SENTENCE = 32
SAYS_NOTHING = {
    "here",
    "click here",
    "more",
    "read more",
    "this",
    "link",
    "hier",
    "klick hier",
    "mehr",
    "weiterlesen",
}
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+(?=[\"“„(]?[A-ZÄÖÜ0-9])")
_FILE_NAME = re.compile(
    r"^(img|dsc|dscn|dscf|pxl|image|bild|foto|screenshot)?[\W_]*\d+[\w\W]*$|\.(jpe?g|png|webp|avif|gif|svg)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """What stands around the page where it is found and shared."""

    title: str
    description: str


def findings(document: Document, words: Words) -> list[Finding]:
    return [
        *_pictures(document),
        *_title(words),
        *_description(words),
        *_headings(document),
        *_text(document),
    ]


def _pictures(document: Document) -> Iterator[Finding]:
    for picture in document.pictures:
        name = PurePosixPath(urlsplit(picture.source).path).name or _("without an address")
        hint = _("Describe what it shows, or mark it as decorative.")
        if picture.alt is None or (picture.is_only_name and not picture.alt.strip()):
            yield error(_("The picture %(name)s has no alternative text.") % {"name": name}, hint)
        elif _is_file_name(picture):
            said = {"alt": picture.alt}
            yield error(_("A picture's alternative text is the name of a file: “%(alt)s”.") % said, hint)


def _is_file_name(picture: Picture) -> bool:
    alt = (picture.alt or "").strip()
    return bool(alt) and " " not in alt and bool(_FILE_NAME.search(alt))


def _title(words: Words) -> Iterator[Finding]:
    length = len(words.title)
    if length > LONGEST_TITLE:
        said = {"length": length, "most": LONGEST_TITLE}
        yield warning(
            _("The title has %(length)d characters; search engines show about %(most)d.") % said,
            _("Give a shorter title for search engines under Promote."),
        )


def _description(words: Words) -> Iterator[Finding]:
    length = len(words.description)
    hint = _("Write a summary of one or two sentences, or a description for search engines.")
    if not length:
        yield warning(_("There is no summary and no description for search engines."), hint)
    elif length < SHORTEST_DESCRIPTION:
        yield warning(_("The description is short: %(length)d characters.") % {"length": length}, hint)
    elif length > LONGEST_DESCRIPTION:
        said = {"length": length, "most": LONGEST_DESCRIPTION}
        yield warning(_("The description has %(length)d characters; about %(most)d are shown.") % said, hint)


def _headings(document: Document) -> Iterator[Finding]:
    firsts = [text for level, text in document.headings if level == 1]
    if len(firsts) > 1:
        yield warning(_("There are %(count)d main headings; a page has one.") % {"count": len(firsts)})
    level_before = 0
    for level, text in document.headings:
        if not text:
            yield warning(_("A heading is empty."))
        if level_before and level > level_before + 1:
            yield warning(
                _("The heading “%(text)s” skips a level.") % {"text": text},
                _("People who listen to a page find their way by its headings: go down one level at a time."),
            )
        level_before = level


def _text(document: Document) -> Iterator[Finding]:
    for sentence in _sentences(document):
        words = len(sentence.split())
        if words > WORDS_OF_A_SENTENCE:
            said = {"words": words, "start": " ".join(sentence.split()[:6])}
            yield warning(
                _("A sentence of %(words)d words: “%(start)s …”.") % said, _("Two sentences read better.")
            )
    for link in document.links:
        if link.text.strip(" .…→»").lower() in SAYS_NOTHING:
            said = {"text": link.text}
            yield warning(_("The link “%(text)s” doesn't say where it leads.") % said)


def _sentences(document: Document) -> Iterator[str]:
    for paragraph in document.paragraphs:
        yield from _SENTENCE_ENDS.split(paragraph)
