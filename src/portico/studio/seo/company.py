"""The organisation's facts as the heads of pages and the feeds tell them."""

from __future__ import annotations

from typing import Any

from portico.studio.seo import addresses, kinds


def told(organisation: Any, menu: Any) -> kinds.Company:
    """From the settings of the site and the words around a page (see frame/surroundings.py)."""
    place = kinds.Place(
        street=organisation.street,
        postcode=organisation.postal_code,
        town=organisation.city,
        country=organisation.country_code,
    )
    logo = organisation.logo
    return kinds.Company(
        name=organisation.name,
        legal_name=organisation.legal_name,
        claim=menu.claim,
        logo=addresses.whole(logo.file.url) if logo else "",
        email=organisation.email,
        telephone=organisation.phone,
        place=place if organisation.city else None,
        profiles=tuple(block.value["address"] for block in organisation.social),
    )
