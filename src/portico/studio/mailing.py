"""What Django is told about mail, from one address: `smtp://user:password@mail.example.com`."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 20
_WAYS = {"smtp": (587, "EMAIL_USE_TLS"), "smtps": (465, "EMAIL_USE_SSL"), "smtp+plain": (25, "")}
"""Ports and security: STARTTLS, TLS from the beginning, none (for a mail server on this machine)."""


def settings(url: str, sender: str) -> dict[str, Any]:
    """Without a URL no mail is sent. Raises ValueError for one that can't be understood."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "EMAIL_HOST": ""}
    parts = urlsplit(url)
    if parts.scheme not in _WAYS or not parts.hostname:
        raise ValueError("expected a mail server as smtp://user:password@mail.example.com")
    port, secured = _WAYS[parts.scheme]
    sender = sender or f"portico@{parts.hostname}"
    told = {
        "EMAIL_BACKEND": "portico.studio.smtp.Backend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_TIMEOUT": TIMEOUT_S,
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": sender,
    }
    return {**told, secured: True} if secured else told
