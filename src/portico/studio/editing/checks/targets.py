"""What this site has at a path: a page, a redirect, a file, something frozen, or nothing published."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.coreutils import get_dummy_request
from wagtail.models import Page, ReferenceIndex, Site

from portico.studio.editing import frozen
from portico.studio.editing.checks import document


class Targets:
    """Answers for the links of one page, as its draft has them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.site: Site = page.get_site() or Site.objects.get(is_default_site=True)

    @cached_property
    def own_path(self) -> str:
        return path_of(self.page)

    @cached_property
    def _hosts(self) -> set[str]:
        roots = [settings.HERE.site, settings.HERE.address, self.site.root_url]
        return {"", *(urlsplit(root).netloc for root in roots)}

    def is_ours(self, scheme: str, host: str) -> bool:
        return host in self._hosts and (bool(host) or not scheme)

    def problem(self, path: str) -> str:
        """What is wrong with `path` as a target, in words that follow "leads to", or nothing."""
        full = path if path.startswith("/") else self.own_path + path
        if self._has_page(full) or _is_file(full) or self._redirects(full) or _is_frozen_thing(full):
            return ""
        draft = self._drafts.get(full.rstrip("/"))
        if draft:
            return _("“%(title)s”, which is not published") % {"title": draft}
        return _("%(path)s, which is not on this site") % {"path": full}

    def lacks(self, path: str, fragment: str) -> bool:
        html = frozen.body(path)
        return html is not None and fragment not in document.ids(html)

    def _has_page(self, path: str) -> bool:
        return page_at(path, self.site) is not None or not _is_for_pages(path)

    def _redirects(self, path: str) -> bool:
        leading = Redirect.objects.exclude(redirect_page__live=False)
        return leading.filter(old_path=Redirect.normalise_path(path)).exists()

    @cached_property
    def _drafts(self) -> dict[str, str]:
        """Paths and titles of the pages that this one refers to and that nobody can see."""
        of_pages = [
            reference[1]
            for reference in ReferenceIndex._extract_references_from_object(self.page)  # noqa: SLF001 - the only way to a draft's references
            if issubclass(_model(reference[0]), Page)
        ]
        hidden = Page.objects.filter(pk__in=of_pages, live=False)
        return {path_of(page).rstrip("/"): page.title for page in hidden}


def page_at(path: str, site: Site) -> Page | None:
    """The live page at `path`, routed as the site itself does it, in the path's language."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            match = resolve(path)
        except Resolver404:
            return None
        if match.url_name != "wagtail_serve":
            return None
        return Page.find_for_request(get_dummy_request(site=site), match.args[0])


def _is_for_pages(path: str) -> bool:
    """Not a feed, a sitemap or another answer with a route of its own."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            return bool(resolve(path).url_name == "wagtail_serve")
        except Resolver404:
            return True


def path_of(page: Page) -> str:
    parts = page.get_url_parts()
    return (parts[2] or "") if parts else ""


def _model(content_type_id: int) -> type:
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 - after the apps are ready

    return ContentType.objects.get_for_id(content_type_id).model_class() or object


def _is_file(path: str) -> bool:
    return path.startswith((settings.STATIC_URL, settings.MEDIA_URL))


def _is_frozen_thing(path: str) -> bool:
    """A feed, a sitemap, a page of a list: whatever was published under a name of its own, and is no page."""
    return frozen.has(path) and not frozen.is_page(path)
