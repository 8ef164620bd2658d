"""What a form takes, as the studio wrote it into the snapshot, and whether what came is that. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portico.intake import kinds, post
from portico.intake.post import Value
from portico.kit.errors import IntegrityError

MOST_BYTES = 65536
"""The most that any form may take; the edge refuses more."""
MOST_FIELDS = 100

KEY, HONEY, FILLED, PROOF = "_key", "_honey", "_filled_ms", "_proof"
"""Fields that are about the post, not of it. The form may call its honeypot by a more innocent name."""

SAYS: Mapping[str, str] = {
    "required": "expected an answer",
    "long": "expected fewer characters",
    "line": "expected one line of text",
    "text": "expected text",
    "email": "expected an address",
    "url": "expected a web address",
    "number": "expected a number",
    "date": "expected a date",
    "choice": "expected one of the choices",
}
"""What is wrong with a field; never with the visitor's words in it. A form may bring its own sentences."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    required: bool = False
    most: int = 1000
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """`thanks` and `problem` are paths of the site; `least_ms` is how long a person takes at least."""

    form: str
    fields: tuple[Field, ...]
    language: str = "en"
    thanks: str = "/"
    problem: str = "/"
    most_bytes: int = MOST_BYTES
    honey: str = HONEY
    least_ms: int = 2000
    says: Mapping[str, str] = field(default_factory=dict, hash=False)

    def sentence(self, problem: str) -> str:
        return self.says.get(problem) or SAYS[problem]


@dataclass(frozen=True, slots=True)
class Checked:
    """`values` of the form's own fields, and what is wrong with some of them: names of `SAYS`.

    `about` are the fields that are about the post: key, honey, filled, proof, where they came.
    """

    values: Mapping[str, Value]
    problems: Mapping[str, str]
    about: Mapping[str, str]


def parse(data: bytes) -> Schema:
    """Raises IntegrityError unless this is a schema that we can hold a post to."""
    try:
        return _schema(json.loads(data))
    except (ValueError, TypeError, KeyError) as error:
        raise IntegrityError(f"this is no form's schema: {error}", hint="look at docs/intake.md") from error


def check(schema: Schema, pairs: Iterable[tuple[str, str]]) -> Checked:
    """Hold what came to the schema. A field that the form doesn't have is dropped."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for asked in schema.fields:
        values[asked.name], problem = _field(asked, given.get(asked.name, ()))
        if problem:
            problems[asked.name] = problem
    about = {KEY: KEY, schema.honey: HONEY, FILLED: FILLED, PROOF: PROOF}
    return Checked(values, problems, {to: given[name][0] for name, to in about.items() if given.get(name)})


def _field(asked: Field, given: Sequence[str]) -> tuple[Value, str]:
    """The value in its one form, and what is wrong with it."""
    kind = kinds.KINDS[asked.type]
    values = tuple(value for value in map(kind.normal, given) if value)
    empty: Value = () if kind.several else ""
    if not values:
        return empty, "required" if asked.required else ""
    if len(values) > 1 and not kind.several:
        return empty, "choice" if asked.choices else "text"
    if any(len(value) > asked.most for value in values):
        return empty, "long"
    problem = next((found for value in values if (found := kind.problem(value, asked.choices))), "")
    if problem:
        return empty, problem
    return tuple(dict.fromkeys(values)) if kind.several else values[0], ""


def _schema(said: Mapping[str, object]) -> Schema:
    fields = said["fields"]
    if not isinstance(fields, list) or not 0 < len(fields) <= MOST_FIELDS:
        raise ValueError(f"expected 1 to {MOST_FIELDS} fields")
    says = said.get("says") or {}
    if not isinstance(says, dict):
        raise TypeError("expected `says` to name sentences")
    made = Schema(
        form=str(said["form"]),
        fields=tuple(map(_asked, fields)),
        language=str(said.get("language", "en")),
        thanks=_path(said.get("thanks", "/")),
        problem=_path(said.get("problem", "/")),
        most_bytes=min(MOST_BYTES, _count(said.get("most_bytes", MOST_BYTES))),
        honey=str(said.get("honey") or HONEY),
        least_ms=_count(said.get("least_ms", 2000)),
        says={str(name): str(text) for name, text in says.items() if name in SAYS},
    )
    names = [one.name for one in made.fields]
    if not post.FORM.fullmatch(made.form):
        raise ValueError("expected the form's name in small letters, digits and dashes")
    if len(set(names) | {made.honey, KEY, FILLED, PROOF}) != len(names) + 4:
        raise ValueError("expected each field to have a name of its own")
    return made


def _asked(said: Mapping[str, object]) -> Field:
    choices = said.get("choices") or []
    kind = str(said["type"])
    if kind not in kinds.KINDS or not isinstance(choices, list):
        raise ValueError(f"expected a field's type to be one of {', '.join(kinds.KINDS)}, got {kind!r}")
    most = said.get("most")
    return Field(
        name=str(said["name"]),
        type=kind,
        required=bool(said.get("required", False)),
        most=MOST_BYTES if most is None else _count(most),
        choices=tuple(map(str, choices)),
    )


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"expected a whole number, got {value!r}")
    return value


def _path(value: object) -> str:
    """A page of this site, never another host."""
    text = str(value)
    if not text.startswith("/") or text.startswith("//") or "\\" in text or not text.isprintable():
        raise ValueError(f"expected the path of a page, got {text!r}")
    return text
