"""`run()` fills an empty studio with a finished company site, and leaves one that somebody wrote in alone."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import LocaleSynchronization

from portico.studio.models.home import HomePage


def run() -> bool:
    """Whether anything was written."""
    if HomePage.objects.exists():
        return False
    with transaction.atomic():
        english, _ = Locale.objects.get_or_create(language_code="en")
        german, _ = Locale.objects.get_or_create(language_code="de")
        root = Page.get_first_root_node()
        root.get_children().delete()
        root = Page.get_first_root_node()
        home = root.add_child(
            instance=HomePage(title="Home", slug="home", headline="Quiet power", locale=english)
        )
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={"hostname": "localhost", "port": 80, "root_page": home, "site_name": "Kolk"},
        )
        LocaleSynchronization.objects.get_or_create(locale=german, sync_from=english)
    return True
