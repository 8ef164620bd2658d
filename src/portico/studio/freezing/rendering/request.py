"""The request that frozen pages are rendered with: everybody's, and it refuses to tell who asks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property

from portico.studio.freezing import roots, shared
from portico.studio.freezing.refused import RefusedError
from portico.studio.freezing.rendering import place

_HINT = "a frozen page is the same for everybody: make it a path of its own, or let a script do it"


class FrozenRequest(HttpRequest):
    """Django's and Wagtail's own machinery gets nobody's answers; a template or a page that asks fails."""

    is_preview = False

    def __init__(self, path: str) -> None:
        super().__init__()
        site = urlsplit(settings.HERE.site)
        port = str(site.port or (443 if site.scheme == "https" else 80))
        self.path = self.path_info = path
        self.method = "GET"
        self.META = {
            "REQUEST_METHOD": "GET",
            "HTTP_HOST": site.netloc,
            "SERVER_NAME": site.hostname or "localhost",
            "SERVER_PORT": port,
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
        }
        self._scheme = site.scheme

    def _get_scheme(self) -> str:
        return self._scheme

    @cached_property
    def _wagtail_site(self) -> Any:
        """Where Wagtail keeps the site of a request."""
        return shared.once("site", roots.site)

    @property
    def user(self) -> AnonymousUser:
        return _nobodys("user", AnonymousUser())

    @property
    def session(self) -> dict:
        return _nobodys("session", {})

    @property
    def GET(self) -> QueryDict:  # noqa: N802 - Django's name
        return _nobodys("GET", QueryDict())

    @GET.setter
    def GET(self, _: Any) -> None:  # noqa: N802 - Django's name
        """Django's own constructor sets it."""

    @property
    def COOKIES(self) -> dict:  # noqa: N802 - Django's name
        return _nobodys("COOKIES", {})

    @COOKIES.setter
    def COOKIES(self, _: Any) -> None:  # noqa: N802 - Django's name
        """Django's own constructor sets it."""


def _nobodys(name: str, value: Any) -> Any:
    if not place.asked_by_framework():
        raise RefusedError(f"reads request.{name}", place.now(), _HINT)
    return value
