"""How snippets are listed and found in the admin: what many pages show in one menu, the menus in Settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portico.studio.models import Logo, Menu, Office, Person, Quote, Topic


class People(SnippetViewSet):
    model = Person
    icon = "group"
    menu_label = _("People")
    list_display = ["name", "role", "rank"]
    search_fields = ["name", "role", "about"]


class Quotes(SnippetViewSet):
    model = Quote
    icon = "openquote"
    menu_label = _("Quotes")
    list_display = ["name", "text", "rank"]
    search_fields = ["name", "text"]


class Offices(SnippetViewSet):
    model = Office
    icon = "home"
    menu_label = _("Offices")
    list_display = ["city", "purpose", "street", "rank"]
    search_fields = ["city", "street", "purpose"]


class Logos(SnippetViewSet):
    model = Logo
    icon = "image"
    menu_label = _("Customers' logos")
    list_display = ["name", "rank"]
    search_fields = ["name"]


class Topics(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    list_display = ["name", "slug", "rank"]
    search_fields = ["name", "slug"]


class Shared(SnippetViewSetGroup):
    items = (People, Quotes, Offices, Logos, Topics)
    menu_label = _("Shared content")
    menu_icon = "snippet"
    menu_order = 350


class Menus(SnippetViewSet):
    model = Menu
    icon = "list-ul"
    menu_label = _("Menus and footer")
    add_to_settings_menu = True
    menu_order = 50


def register() -> None:
    register_snippet(Shared)
    register_snippet(Menus)
