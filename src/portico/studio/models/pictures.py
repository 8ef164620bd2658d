"""Pictures, and what was made of them for templates; alt texts stand in Wagtail's `description`."""

from __future__ import annotations

from django.db import models
from wagtail.images import models as images


class Picture(images.AbstractImage):
    """`made` remembers the renditions for `made_of`, file and focal point: a cache, never a source."""

    made = models.JSONField(default=dict, editable=False)
    made_of = models.CharField(max_length=255, default="", editable=False)

    admin_form_fields = images.Image.admin_form_fields

    class Meta(images.AbstractImage.Meta):
        verbose_name = "picture"
        permissions = [("choose_image", "Can choose image")]


class PictureRendition(images.AbstractRendition):
    """What the editors' side shows, made by Wagtail when it is first asked for."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
