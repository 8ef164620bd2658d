"""Renders one URL as every visitor gets it, and tells which queries it took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_urlconf, resolve, set_urlconf
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect

from portico.studio.freezing import names, targets
from portico.studio.freezing.queries import recording
from portico.studio.freezing.refused import RefusedError
from portico.studio.freezing.rendering import clockless, place
from portico.studio.freezing.rendering.request import FrozenRequest

URLS = "portico.studio.public_urls"


@dataclass(frozen=True, slots=True)
class Rendered:
    """`redirect` is "location status" of a page that leads elsewhere, or the rules of the redirects."""

    target: targets.Target
    name: str
    body: bytes
    redirect: str
    queries: tuple[recording.Query, ...]
    count: int


def render(target: targets.Target) -> Rendered:
    with public(), recording.recorded() as recorded, clockless.clockless():
        name, body, redirect = _made(target)
    return Rendered(target, name, body, redirect, recorded.queries, recorded.asked)


@contextmanager
def public() -> Iterator[None]:
    """With the URLs that visitors know, and in the site's first language whatever the thread spoke before."""
    before = get_urlconf()
    set_urlconf(URLS)
    try:
        with translation.override(settings.LANGUAGE_CODE):
            yield
    finally:
        set_urlconf(before)


def _made(target: targets.Target) -> tuple[str, bytes, str]:
    if target.kind == targets.REDIRECTS:
        return "", b"", redirects()
    if target.kind == targets.ITEM:
        body = dict(targets.load(target.model, target.page).frozen_items()).get(target.path)
        return names.item(target.path), body or b"", ""
    with translation.override(translation.get_language_from_path(target.path) or settings.LANGUAGE_CODE):
        response = _answered(target, FrozenRequest(target.path))
    if 300 <= response.status_code < 400:
        return "", b"", f"{response['Location']} {response.status_code}"
    _check(response, target)
    return names.page(target.path, response["Content-Type"]), response.content, ""


def _answered(target: targets.Target, request: HttpRequest) -> HttpResponse:
    try:
        response = _page(target, request) if target.page else _view(request)
        return response.render() if hasattr(response, "render") else response
    except RefusedError:
        raise
    except Exception as error:
        where = _raised_in(error) or target.path
        raise RefusedError(
            f"{target.path} can't be rendered: {type(error).__name__}: {error}",
            where,
            "mend the page or its template",
        ) from error


def _page(target: targets.Target, request: HttpRequest) -> HttpResponse:
    page = targets.load(target.model, target.page)
    found, args, kwargs = page.route(request, [part for part in target.rest.split("/") if part])
    return found.serve(request, *args, **kwargs)


def _view(request: HttpRequest) -> HttpResponse:
    match = resolve(request.path)
    request.resolver_match = match
    return match.func(request, *match.args, **match.kwargs)


def redirects() -> str:
    """One rule a line, `from to status`, none to a page that isn't published.

    An address with a query has no counterpart among files.
    """
    rules = Redirect.objects.filter(site=None) | Redirect.objects.filter(site__is_default_site=True)
    found = {}
    for rule in rules.select_related("redirect_page").order_by("pk"):
        leads_nowhere = rule.redirect_page is not None and not rule.redirect_page.live
        if rule.link and not leads_nowhere and "?" not in rule.old_path:
            found[rule.old_path] = f"{rule.link} {301 if rule.is_permanent else 302}"
    return "\n".join(f"{old} {leads}" for old, leads in sorted(found.items()))


def _check(response: HttpResponse, target: targets.Target) -> None:
    template = _template(response) or target.path
    if response.status_code not in {200, 404} or (
        response.status_code == 404 and target.kind != targets.VIEW
    ):
        raise RefusedError(
            f"{target.path} answers {response.status_code}", template, "a page that is public must answer 200"
        )
    if "cookie" in response.get("Vary", "").lower():
        raise RefusedError(f"{target.path} varies by cookie", template, "a frozen page knows no cookies")
    if response.cookies:
        raise RefusedError(
            f"{target.path} sets a cookie", template, "a frozen page sets none: let a script do it"
        )
    if b" nonce=" in response.content:
        raise RefusedError(
            f"{target.path} holds a nonce",
            template,
            "leave it out: inline scripts are allowed by their hashes",
        )


def _template(response: Any) -> str:
    name = getattr(response, "template_name", "")
    return name if isinstance(name, str) else str(next(iter(name), ""))


def _raised_in(error: BaseException) -> str:
    """The template in which it was raised, as the frames of its traceback tell."""
    traceback = error.__traceback__
    frames = []
    while traceback is not None:
        frames.append(traceback.tb_frame)
        traceback = traceback.tb_next
    return place.template(frames[::-1])
