"""What a sender is answered: a page without JavaScript, JSON with it; never his own words. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from portico.intake.proof import Challenge
from portico.intake.schema import Schema
from portico.replica import answers, location
from portico.replica.answers import Answer

_RETRY = {429: "60", 503: "5"}


def thanks(form: Schema, *, in_json: bool) -> Answer:
    if in_json:
        return _json(200, {"ok": True, "thanks": form.thanks})
    return _see(form.thanks)


def invalid(form: Schema, fields: Mapping[str, str], *, in_json: bool) -> Answer:
    if in_json:
        return _json(422, {"ok": False, "fields": dict(fields)})
    return _see(form.problem)


def unproven(challenge: Challenge, *, in_json: bool) -> Answer:
    """Work is asked for; who has no JavaScript to do it may come back later."""
    if in_json:
        asked = {"text": challenge.text, "bits": challenge.bits}
        return _json(428, {"ok": False, "challenge": asked})
    return refusal(429, in_json=False)


def refusal(status: int, *, in_json: bool) -> Answer:
    """It was not taken; the sender's browser still holds what he wrote."""
    extra = [("retry-after", _RETRY[status])] if status in _RETRY else []
    if in_json:
        return answers.own(status, json.dumps({"ok": False}).encode(), answers.JSON, *extra)
    return answers.refusal(status, *extra)


def _see(path: str) -> Answer:
    return answers.own(303, b"", answers.PLAIN, ("location", location.finished(path)))


def _json(status: int, value: Mapping[str, Any]) -> Answer:
    return answers.own(status, json.dumps(value).encode(), answers.JSON)
