"""The status page's three forms, as their schemas lie in its snapshot; replicas hold posts to them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

PATH = "/-/intake/"
SUBSCRIBE, CONFIRM, LEAVE = "status-subscribe", "status-confirm", "status-leave"
FORMS = (SUBSCRIBE, CONFIRM, LEAVE)
"""The relay keeps what comes by these for us; the studio never hears of it."""

EMAIL, CODE = "email", "code"
LONGEST_ADDRESS, LONGEST_CODE = 254, 64

_ASKED: Mapping[str, tuple[dict[str, Any], str, str]] = {
    SUBSCRIBE: (
        {"name": EMAIL, "type": "email", "required": True, "most": LONGEST_ADDRESS},
        "/subscribe/sent/",
        "/subscribe/problem/",
    ),
    CONFIRM: (
        {"name": CODE, "type": "text", "required": True, "most": LONGEST_CODE},
        "/confirm/done/",
        "/confirm/",
    ),
    LEAVE: (
        {"name": CODE, "type": "text", "required": True, "most": LONGEST_CODE},
        "/unsubscribe/done/",
        "/unsubscribe/",
    ),
}


def schemas(languages: Sequence[str] = ("en",), *, joining: bool = True) -> dict[str, bytes]:
    """By path: in the first language under its own name, in the others with the language behind it.

    Who once joined can leave, whether others can join or not.
    """
    first, *others = languages
    wanted = {form: asked for form, asked in _ASKED.items() if joining or form == LEAVE}
    made = {form: _schema(form, first, "", asked) for form, asked in wanted.items()}
    for language in others:
        for form, asked in wanted.items():
            name = f"{form}-{language}"
            made[name] = _schema(name, language, f"/{language}", asked)
    return {f"{PATH}{name}": data for name, data in made.items()}


def _schema(form: str, language: str, below: str, asked: tuple[dict[str, Any], str, str]) -> bytes:
    field, thanks, problem = asked
    told = {
        "form": form,
        "language": language,
        "thanks": below + thanks,
        "problem": below + problem,
        "most_bytes": 2048,
        "honey": "website",
        "fields": [field],
    }
    return json.dumps(told, indent=1).encode()
