"""A page's findings: it is rendered as visitors will get it and looked at. Errors keep it from the public."""

from __future__ import annotations

import logging
from typing import Any

from django.utils.translation import gettext as _
from wagtail.coreutils import get_dummy_request
from wagtail.models import Page, Revision

from portico.studio.editing.checks import document, links, reading
from portico.studio.editing.checks.findings import ERROR, Finding, error
from portico.studio.editing.checks.targets import Targets

log = logging.getLogger(__name__)


def errors(revision: Revision) -> list[str]:
    """In one sentence each; nothing for what is no page, it is checked where it is shown."""
    thing = revision.as_object()
    if not isinstance(thing, Page):
        return []
    return [f"{found.what} {found.hint}".strip() for found in of(thing) if found.level == ERROR]


def of(page: Page) -> list[Finding]:
    """The findings of `page` as it stands in memory, a draft or not; errors first."""
    try:
        html = _render(page)
    except Exception as why:  # whatever a template or a block raises is told to its editor
        log.exception("page %s can't be rendered", page.pk)
        return [error(_("The page can't be shown: %(why)s") % {"why": f"{type(why).__name__}: {why}"})]
    taken = document.take_apart(html)
    found = [*links.findings(taken, Targets(page)), *reading.findings(taken, _words(page))]
    return sorted(found, key=lambda finding: finding.level != ERROR)


def _render(page: Page) -> bytes:
    request = get_dummy_request(site=page.get_site())
    request.is_preview = True
    request.preview_mode = page.default_preview_mode
    response: Any = page.serve_preview(request, page.default_preview_mode)
    if hasattr(response, "render"):
        response = response.render()
    return bytes(response.content)


def _words(page: Page) -> reading.Words:
    description = page.search_description or getattr(page, "summary", "")
    return reading.Words(page.seo_title or page.title, str(description).strip())
