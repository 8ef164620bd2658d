"""Who works in the studio, and as what."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

AUTHOR, ADMIN = "author", "admin"
GROUPS = {AUTHOR: "Authors", "editor": "Editors", "publisher": "Publishers"}
ROLES = (*GROUPS, ADMIN)


class PersonError(Exception):
    """What can't be done with a person, in one line."""


@transaction.atomic
def add(name: str, role: str, email: str = "") -> Any:
    """Somebody new, who can't sign in before a password is set by an invitation."""
    if get_user_model().objects.filter(username__iexact=name).exists():
        raise PersonError(f"{name}: expected a new name, somebody has it already")
    person = get_user_model().objects.create_user(name, email)
    give(person, role)
    return person


@transaction.atomic
def give(person: Any, role: str) -> None:
    """One role at a time; groups that are not roles stay."""
    person.groups.remove(*Group.objects.filter(name__in=GROUPS.values()))
    if role in GROUPS:
        person.groups.add(Group.objects.get(name=GROUPS[role]))
    if person.is_superuser != (role == ADMIN):
        person.is_superuser = role == ADMIN
        person.save(update_fields=["is_superuser"])


@transaction.atomic
def reset(person: Any) -> None:
    """For who has lost the second factor or may have lost the password: all of it is void, sessions too."""
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()  # a session holds a digest of the password, and ends with it
    person.save(update_fields=["password"])


def named(name: str) -> Any:
    person = get_user_model().objects.filter(username__iexact=name).first()
    if person is None:
        raise PersonError(f"{name}: expected a person of the studio, there is none of that name")
    return person


def role_of(person: Any) -> str:
    if person.is_superuser:
        return ADMIN
    names = {group.name for group in person.groups.all()}
    return next((role for role, group in reversed(GROUPS.items()) if group in names), "none")
