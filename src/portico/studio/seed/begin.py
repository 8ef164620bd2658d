"""`run()` fills an empty studio with a finished company site, and leaves one that somebody wrote in alone."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import LocaleSynchronization

from portico.studio.models.home import HomePage
from portico.studio.seed import pages, things
from portico.studio.seed.filling import Known


def run() -> bool:
    """Whether anything was written."""
    if HomePage.objects.exists():
        return False
    with transaction.atomic():
        _clear()
        english, german = (Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "de"))
        pictures = things.pictures()
        first, second = Known(pictures), Known(pictures)
        for locale, known, before in ((english, first, Known({})), (german, second, first)):
            things.snippets(locale, known, before.snippets)
            pages.grow(locale, known, before.pages)
        site = _site(first.pages["home"])
        things.facts(site, first)
        menu = things.menu(english, first, None)
        things.menu(german, second, menu)
        pages.fill(english, first, {})
        pages.fill(german, second, first.pages)
        LocaleSynchronization.objects.get_or_create(locale=german, sync_from=english)
    return True


def _clear() -> None:
    """Wagtail's own migrations leave a page that welcomes."""
    for page in Page.get_first_root_node().get_children():
        page.delete()


def _site(home: Page) -> Site:
    told = {"hostname": "localhost", "port": 80, "root_page": home, "site_name": home.title}
    return Site.objects.update_or_create(is_default_site=True, defaults=told)[0]
