"""Links that let somebody choose a password, once and within a day."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from portico.studio.accounts import configured, people

FIRST = "admin"


def link(person: Any) -> str:
    """Signed with what changes when it is used: the password's digest and the last sign-in."""
    words = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    path = reverse("account_reset_password_from_key", kwargs=words)
    return settings.HERE.address.rstrip("/") + path


def first() -> dict[str, Any]:
    """The link for a fresh studio's administrator; none once somebody can sign in as one."""
    admins = get_user_model().objects.filter(is_superuser=True, is_active=True)
    # whoever came by the identity provider has no password, and has signed in
    if any(person.has_usable_password() or person.last_login for person in admins):
        return {"name": None, "url": None}
    person = admins.filter(username=FIRST).first() or people.add(FIRST, people.ADMIN)
    return {"name": person.username, "url": link(person), "hours": configured.INVITED_S // 3600}


def answer(_: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """POST /invite of the private API."""
    return 200, first()
