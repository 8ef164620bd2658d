"""The status page's three forms, as their schemas lie in its snapshot; replicas hold posts to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
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


def schemas() -> dict[str, bytes]:
    """By path."""
    return {f"{PATH}{form}": _schema(form, *asked) for form, asked in _ASKED.items()}


def _schema(form: str, field: dict[str, Any], thanks: str, problem: str) -> bytes:
    told = {
        "form": form,
        "language": "en",
        "thanks": thanks,
        "problem": problem,
        "most_bytes": 2048,
        "honey": "website",
        "fields": [field],
    }
    return json.dumps(told, indent=1).encode()
