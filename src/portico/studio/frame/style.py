"""The site's style sheets, one after the other and without their white space, for a page to carry itself.

A visitor's first page then waits for no second answer; see docs/decisions for what was measured.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

SHEETS = ("base", "frame", "sections", "cards", "pages", "forms", "print")

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r"\s*([{};,])\s*")
_FILE = re.compile(r'url\("([^":]+)"\)')


@functools.cache
def inline() -> SafeString:
    """Once for each process: the sheets are part of the program."""
    text = "".join(_read(name) for name in SHEETS)
    text = _FILE.sub(lambda found: f"url({static(f'studio/{found[1]}')})", shorten(text))
    return mark_safe(text)  # noqa: S308 - our own files


def shorten(css: str) -> str:
    """Spaces around colons stay, as some mean a descendant; those in values stay too."""
    return _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", css))).replace(";}", "}").strip()


def _read(name: str) -> str:
    return Path(finders.find(f"studio/css/{name}.css")).read_text("utf-8")
