"""Where a page's links lead: to something published, to a place that exists, or nowhere. No network."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from portico.studio.editing.checks import targets
from portico.studio.editing.checks.document import Document, Link
from portico.studio.editing.checks.findings import Finding, error, warning

_ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_PHONE = re.compile(r"^\+?[\d\s().\-/]{3,}$")
_HOST = re.compile(
    r"^(?=.{1,253}$)([a-z0-9¡-￿]([a-z0-9¡-￿-]{0,61}[a-z0-9¡-￿])?\.)+[a-z¡-￿-]{2,63}$", re.IGNORECASE
)


def findings(document: Document, known: targets.Targets) -> list[Finding]:
    """`known` answers for this site; each link is told once, however often it is there."""
    links = dict.fromkeys(document.links)
    return [found for link in links for found in _of(link, document, known)]


def _of(link: Link, document: Document, known: targets.Targets) -> Iterator[Finding]:
    href = (link.href or "").strip()
    name = {"text": link.text or href or "…", "href": href}
    if not href:
        yield error(
            _("The link “%(text)s” leads nowhere.") % name,
            _("What it led to was deleted, perhaps: choose another page."),
        )
        return
    parts = urlsplit(href)
    if parts.scheme in {"mailto", "tel"}:
        yield from _reaching(href, name)
    elif parts.scheme not in {"", "http", "https"}:
        yield error(_("The link “%(text)s” has an address that browsers won't follow: %(href)s") % name)
    elif known.is_ours(parts.scheme, parts.netloc):
        yield from _inside(unquote(parts.path), unquote(parts.fragment), name, document, known)
    elif not _is_host(parts.hostname or ""):
        yield error(_("The link “%(text)s” has no valid address: %(href)s") % name)


def _reaching(href: str, name: dict[str, str]) -> Iterator[Finding]:
    scheme, _colon, rest = href.partition(":")
    address = unquote(rest.partition("?")[0])
    pattern = _ADDRESS if scheme == "mailto" else _PHONE
    if not pattern.match(address):
        yield error(_("The link “%(text)s” has no valid address: %(href)s") % name)


def _inside(
    path: str, fragment: str, name: dict[str, str], document: Document, known: targets.Targets
) -> Iterator[Finding]:
    is_here = path in {"", known.own_path}
    if not is_here:
        problem = known.problem(path)
        if problem:
            yield error(_("The link “%(text)s” leads to %(problem)s.") % {**name, "problem": problem})
            return
    if not fragment or fragment == "top":
        return
    place = {**name, "place": fragment}
    if is_here and fragment not in document.ids:
        yield error(_("The link “%(text)s” leads to a place that this page doesn't have: #%(place)s") % place)
    elif not is_here and known.lacks(path, fragment):
        yield warning(_("The link “%(text)s” leads to a place that %(href)s doesn't have.") % place)


def _is_host(host: str) -> bool:
    if _HOST.match(host):
        return True
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False
