"""Brings the studio's catalogues up to date: .venv/bin/python dev/words.py, then translate what is missing.

What Django, Wagtail and others translate already is left to them. Needs no gettext on the machine.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

STUDIO = Path(__file__).resolve().parent.parent / "src" / "portico" / "studio"
LANGUAGES = ("de",)
_MARKS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(?:ngettext\(\s*{_STRING}\s*,\s*{_STRING}|(?:gettext|_)\(\s*{_STRING})")

Message = tuple[str, str]
"""A text as it is written, and its plural where it has one."""


def asked_for() -> set[Message]:
    """Needs Django set up: sections and models are asked what they are called."""
    from portico.studio.blocks import naming  # noqa: PLC0415 - only now is Django ready
    from portico.studio.editing import naming as models  # noqa: PLC0415 - only now is Django ready

    for model in models.models():
        for field in model._meta.local_fields:  # noqa: SLF001 - Django's public name for it
            getattr(field, "stream_block", None)
    marked = {message for file in STUDIO.rglob("*.py") for message in in_python(file.read_text())}
    marked |= {message for file in STUDIO.rglob("*.html") for message in in_template(file.read_text())}
    return marked | {(words, "") for words in naming.asked_for}


def in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        wanted = node.args[: _MARKS.get(node.func.id, 0)]
        words = [one.value for one in wanted if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if words:
            yield words[0], words[1] if len(words) > 1 else ""


def in_template(source: str) -> Iterator[Message]:
    from django.utils.translation.template import templatize  # noqa: PLC0415 - only now is Django ready

    for several, plural, one in _IN_TEMPLATE.findall(templatize(source)):
        yield ast.literal_eval(several or one), ast.literal_eval(plural) if plural else ""


def of_others(language: str) -> set[str]:
    """What the other apps have words for."""
    import django  # noqa: PLC0415 - only now is it ready
    from django.apps import apps  # noqa: PLC0415 - only now is it ready

    roots = [Path(django.__file__).parent / "conf", *(Path(app.path) for app in apps.get_app_configs())]
    files = [root / "locale" / language / "LC_MESSAGES" / "django.mo" for root in roots if root != STUDIO]
    return {entry.msgid for file in files if file.exists() for entry in polib.mofile(file) if entry.msgstr}


def catalogue(language: str) -> Path:
    return STUDIO / "locale" / language / "LC_MESSAGES" / "django.po"


def merged(known: polib.POFile, wanted: Iterable[Message]) -> polib.POFile:
    """What is asked for, in the order of the alphabet, with the translations that there are."""
    found = polib.POFile(wrapwidth=110)
    found.metadata = known.metadata
    for text, plural in sorted(wanted):
        old = known.find(text)
        has_plural = bool(old and old.msgid_plural) == bool(plural)
        if old and has_plural:
            kept = (
                {"msgid_plural": plural, "msgstr_plural": old.msgstr_plural}
                if plural
                else {"msgstr": old.msgstr}
            )
        else:
            kept = {"msgid_plural": plural, "msgstr_plural": {0: "", 1: ""}} if plural else {}
        flags = ["python-format"] if re.search(r"%\(\w+\)", text) else []
        found.append(polib.POEntry(msgid=text, flags=flags, **kept))
    return found


def main() -> int:
    missing = 0
    for language in LANGUAGES:
        file = catalogue(language)
        known = polib.pofile(str(file))
        kept, others = {entry.msgid for entry in known if entry.translated()}, of_others(language)
        new = merged(known, (one for one in asked_for() if one[0] in kept or one[0] not in others))
        new.save(str(file))
        new.save_as_mofile(str(file.with_suffix(".mo")))
        missing += len(new.untranslated_entries())
        print(f"{file}: {len(new)} texts, {len(new.untranslated_entries())} to be translated")
    return int(missing > 0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PORTICO_STUDIO_DATA": folder, "DJANGO_SETTINGS_MODULE": "portico.studio.settings"}
        import django

        django.setup()
        sys.exit(main())
