"""`{% studio_picture image "(min-width: 60em) 50vw, 100vw" shape="card" %}`: see docs/pages.md."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from portico.studio.models.pictures import Picture
from portico.studio.pictures import markup

register = template.Library()


@register.simple_tag
def studio_picture(
    image: Picture | None,
    sizes: str = "100vw",
    shape: str = "wide",
    *,
    priority: bool = False,
    alt: str | None = None,
    **attributes: str,
) -> SafeString:
    """`priority` is for what is seen without scrolling; everything else is loaded when it comes near.

    `shape` is one of pictures/shapes.py; `alt=""` for decoration; any other keyword (`class="..."`)
    becomes an attribute of the img. No image, no markup.
    """
    if image is None:
        return SafeString()
    order = {"fetchpriority": "high"} if priority else {"loading": "lazy", "decoding": "async"}
    spoken = {"alt": markup.alternative(image, alt)}
    return markup.picture(image, sizes, shape, {**spoken, **order, **attributes})
