"""Sections that are read: running text, a large sentence, a picture with words, steps, facts, questions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from portico.studio.blocks import table
from portico.studio.blocks.links import Link

FEATURES = ["h2", "h3", "bold", "italic", "link", "ol", "ul", "blockquote"]
SHORT = ["bold", "italic", "link"]


@table.section("text")
class Text(blocks.RichTextBlock):
    def __init__(self, **options: object) -> None:
        super().__init__(**{"features": FEATURES, **options})

    class Meta:
        icon = "pilcrow"
        rank = 10
        template = "studio/blocks/text.html"


@table.section("statement")
class Statement(blocks.StructBlock):
    """One large sentence, to be read at a glance."""

    text = blocks.TextBlock(max_length=240)
    link = blocks.ListBlock(Link(), max_num=1, default=[])

    class Meta:
        icon = "title"
        rank = 12
        template = "studio/blocks/statement.html"


@table.section("split")
class Split(blocks.StructBlock):
    picture = ImageChooserBlock()
    heading = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=[*SHORT, "ul"])
    side = blocks.ChoiceBlock(
        choices=[("left", _("Picture left")), ("right", _("Picture right"))], default="right"
    )
    links = blocks.ListBlock(Link(), max_num=2, default=[])

    class Meta:
        icon = "image"
        rank = 14
        template = "studio/blocks/split.html"


@table.section("figure")
class Figure(blocks.StructBlock):
    picture = ImageChooserBlock()
    caption = blocks.CharBlock(max_length=240, required=False)

    class Meta:
        icon = "image"
        rank = 16
        template = "studio/blocks/figure.html"


class Step(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(max_length=320)
    time = blocks.CharBlock(max_length=40, required=False, help_text="How long it takes.")


@table.section("steps")
class Steps(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    lead = blocks.TextBlock(max_length=320, required=False)
    items = blocks.ListBlock(Step())

    class Meta:
        icon = "list-ol"
        rank = 20
        template = "studio/blocks/steps.html"


class Fact(blocks.StructBlock):
    label = blocks.CharBlock(max_length=80)
    value = blocks.CharBlock(max_length=160)


@table.section("facts")
class Facts(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(Fact())

    class Meta:
        icon = "table"
        rank = 22
        template = "studio/blocks/facts.html"


class Question(blocks.StructBlock):
    question = blocks.CharBlock(max_length=160)
    answer = blocks.RichTextBlock(features=[*SHORT, "ul"])


@table.section("questions")
class Questions(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(Question())

    class Meta:
        icon = "help"
        rank = 24
        template = "studio/blocks/questions.html"
