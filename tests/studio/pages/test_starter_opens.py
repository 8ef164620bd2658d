"""The editor opens whatever the starter says: its converter fails at a tag that isn't closed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from wagtail.admin.rich_text.converters import contentstate

from portico.studio.seed import reading

CONTENT = Path(reading.__file__).parent / "content"
FILES = sorted(CONTENT.rglob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CONTENT)))
def test_the_editor_can_open_each_text_of_the_starter(file):
    converter = contentstate.ContentstateConverter(["h2", "h3", "bold", "italic", "ol", "ul", "hr"])
    for text in _marked_up(tomllib.loads(file.read_text("utf-8"))):
        converter.from_database_format(text)


def _marked_up(value: object) -> Iterator[str]:
    if isinstance(value, str) and "<" in value:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _marked_up(one)
