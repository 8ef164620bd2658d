"""A page's head: `gather` reads what there is to say, `write` says it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.models import Page

from portico.studio.pictures import markup
from portico.studio.seo import addresses, cards, company, feeds, kinds, linked


def gather(page: Page, around: dict[str, Any], *, path: str = "", title: str = "") -> kinds.Facts:
    """`around` is the template's context; `path` and `title` are those of a part with a URL of its own."""
    request = around.get("request")
    firm = company.told(around["organisation"], around["menu"])
    url = addresses.whole(path) if path else addresses.of(page, request)
    name = title or page.seo_title or page.title
    own = not path or url == addresses.of(page, request)
    trail = [(above.title, addresses.of(above, request)) for above in page.trail]
    return kinds.Facts(
        title=name,
        description=page.search_description or page.summary,
        company=firm,
        home=addresses.home(),
        url=url,
        canonical=_canonical(page, url),
        language=page.words_in,
        card=_card(page, name, firm),
        root=not page.trail,
        listed=not page.noindex,
        alternates=_alternates(page, request) if own else (),
        crumbs=((*trail, (page.title, url)) if trail else ()),
        feed=feeds.told(page.language, firm),
        about=page.structured() if hasattr(page, "structured") else None,
        modified=page.last_published_at,
    )


def write(facts: kinds.Facts) -> SafeString:
    full = facts.title if facts.root else f"{facts.title} \N{EN DASH} {facts.company.name}"
    return render_to_string(
        "studio/seo/head.html",
        {
            "facts": facts,
            "full_title": full,
            "linked": linked.script(linked.graph(facts)),
            "is_article": isinstance(facts.about, kinds.Article),
            "card_size": cards.SIZE,
        },
    )


def _canonical(page: Page, url: str) -> str:
    """A page that nobody translated shows the original's words, and says so."""
    if page.alias_of_id is None:
        return url
    original = next((one for one in page.versions if one.pk == page.alias_of_id), None)
    return addresses.of(original) if original else url


def _alternates(page: Page, request: HttpRequest | None) -> tuple[tuple[str, str], ...]:
    """Each language that the page was written in, and the one for everybody else; none if it is alone."""
    written = [one for one in page.versions if one.alias_of_id is None]
    if len(written) < 2:
        return ()
    found = {one.locale.language_code: addresses.of(one, request) for one in written}
    everybody = found.get(settings.LANGUAGE_CODE) or next(iter(found.values()))
    return (*found.items(), ("x-default", everybody))


def _card(page: Page, name: str, firm: kinds.Company) -> str:
    """The editor's picture, else one that is drawn from the title."""
    chosen = markup.share(page.social_image) if page.social_image else ""
    return addresses.whole(chosen or cards.url(cards.Card(name, firm.name)))
