"""Sessions are short, and bound to the browser that they began in."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse

from portico.studio.accounts import configured

LONGEST_S = 14 * 3600
"""From sign-in, however busy: a working day."""

RENEWED_S = 600
"""Being seen is written down this often; each page that writes would cost a wait for the disk."""

BEGAN, SEEN, BROWSER = "began", "seen", "browser"


def judge(session: Mapping[str, Any], browser: str, now: float) -> str:
    """What becomes of a session: `kept`, `renewed` or `ended`. Pure."""
    if BEGAN not in session or session.get(BROWSER) != browser:
        return "ended"
    idle = now - session.get(SEEN, 0)
    if now - session[BEGAN] > LONGEST_S or idle > configured.IDLE_S:
        return "ended"
    return "renewed" if idle > RENEWED_S else "kept"


def fingerprint(agent: str) -> str:
    """A browser's name without its numbers: an update in the middle of the day ends nobody's work."""
    return hashlib.sha256(re.sub(r"[\d._]+", "", agent).encode()).hexdigest()[:16]


def just_begun(request: HttpRequest) -> bool:
    return time.time() - request.session.get(BEGAN, 0) < configured.TRUSTED_S


def connect() -> None:
    user_logged_in.connect(_begin, dispatch_uid="portico-session")


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            verdict = judge(request.session, _browser(request), time.time())
            if verdict == "ended":
                logout(request)
            elif verdict == "renewed":
                request.session[SEEN] = time.time()
        return self.get_response(request)


def _begin(sender: object, request: HttpRequest, **_: object) -> None:  # noqa: ARG001 - a signal's signature
    request.session[BEGAN] = request.session[SEEN] = time.time()
    request.session[BROWSER] = _browser(request)


def _browser(request: HttpRequest) -> str:
    return fingerprint(request.headers.get("user-agent", ""))
