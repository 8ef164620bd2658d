"""Where signing in hangs into Wagtail's admin: the way to one's own security, and links for new people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portico.studio.accounts import invitations


def register() -> None:
    hooks.register("register_admin_menu_item", _security)
    hooks.register("after_create_user", _invite)


def _security() -> MenuItem:
    return MenuItem(_("Sign-in & security"), reverse_lazy("mfa_index"), icon_name="key", order=9900)


def _invite(request: HttpRequest, user: Any) -> None:
    """Nobody gets a password from somebody else; Wagtail leaves it empty, which is not the same as none."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    told = _("Give {name} this link. It works once, for a day: {link}")
    messages.info(request, format_html(str(told), name=user.get_username(), link=invitations.link(user)))
