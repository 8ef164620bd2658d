"""Where the site's trees begin, asked with the few columns that decide.

Wagtail asks for whole homepages to make any page's address: each edit of one would make all pages stale.
These answers stand in for its own during a freeze.
"""

from __future__ import annotations

from django.db.models import F
from wagtail.models import Page, Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SiteRootPath

CACHE_KEY = SITE_ROOT_PATHS_CACHE_KEY


def site() -> Site | None:
    """The one that visitors are on: a frozen site has one address."""
    return Site.objects.filter(is_default_site=True).first()


def paths() -> list[SiteRootPath]:
    """As `Site.get_site_root_paths()` tells them."""
    sites = list(
        Site.objects.annotate(tree=F("root_page__translation_key")).order_by(
            "-root_page__url_path", "-is_default_site", "hostname"
        )
    )
    homes = Page.objects.filter(translation_key__in=[one.tree for one in sites]).order_by("url_path")
    told = list(homes.values_list("translation_key", "url_path", "locale__language_code"))
    return [
        SiteRootPath(one.pk, path, one.root_url, language)
        for one in sites
        for tree, path, language in told
        if tree == one.tree
    ]
