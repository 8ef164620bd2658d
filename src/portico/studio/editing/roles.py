"""The three roles and the workflow between them, made once for a new database; then they are its people's.

Author: writes and submits. Editor: works on everything and approves. Publisher: approves for good, publishes,
schedules, unpublishes, undoes, and keeps what visitors see at once (menus, settings, redirects, snippets).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.signals import post_migrate
from wagtail import hooks
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.registry import registry as settings
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.snippets.models import get_snippet_models

AUTHORS = "Authors"
EDITORS = "Editors"
PUBLISHERS = "Publishers"
WORKFLOW = "Review, then publish"

# the last name of a permission's code, and what of it each role may do
PAGES = {
    AUTHORS: ["add", "change"],
    EDITORS: ["add", "change", "lock", "unlock"],
    PUBLISHERS: ["add", "change", "lock", "unlock", "publish", "bulk_delete"],
}
MEDIA = {
    AUTHORS: ["add_image", "choose_image", "add_document", "choose_document"],
    EDITORS: [
        "add_image",
        "change_image",
        "choose_image",
        "add_document",
        "change_document",
        "choose_document",
    ],
    PUBLISHERS: [
        *["add_image", "change_image", "delete_image", "choose_image"],
        *["add_document", "change_document", "delete_document", "choose_document"],
    ],
}
ADMIN = {AUTHORS: Q(codename="access_admin"), EDITORS: Q(codename__in=["access_admin", "submit_translation"])}


def install() -> None:
    """Do nothing where there are publishers already: groups are changed in the studio, by administrators."""
    if Group.objects.filter(name=PUBLISHERS).exists():
        return
    _forget_wagtails_own()
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in PAGES}
    for name, group in groups.items():
        _permit(name, group)
    _make_workflow(groups)


def connect() -> None:
    """Install after the last app with models: by then every permission and the tree's root are there."""
    last = [app for app in apps.get_app_configs() if app.models_module is not None][-1]
    post_migrate.connect(_migrated, sender=last, dispatch_uid="portico-roles")


def _migrated(using: str, **_: Any) -> None:
    if using == "default" and Page.objects.filter(depth=1).exists():
        install()


def _permit(name: str, group: Group) -> None:
    group.permissions.set(_model_permissions(name))
    GroupPagePermission.objects.filter(group=group).delete()
    GroupCollectionPermission.objects.filter(group=group).delete()
    top, media = Page.objects.get(depth=1), Collection.get_first_root_node()
    for permission in _on("wagtailcore", "page", PAGES[name]):
        GroupPagePermission.objects.create(group=group, page=top, permission=permission)
    for permission in _media_permissions(MEDIA[name]):
        GroupCollectionPermission.objects.create(group=group, collection=media, permission=permission)


def _model_permissions(name: str) -> Iterable[Permission]:
    if name in ADMIN:
        return Permission.objects.filter(ADMIN[name])
    return Permission.objects.filter(ADMIN[EDITORS] | _at_once_visible() | Q(codename="undo_publish"))


def _at_once_visible() -> Q:
    """Snippets, settings and redirects have no drafts: who changes one publishes it."""
    hooks.search_for_hooks()  # where snippets are registered
    models = [*get_snippet_models(), *settings, Redirect]
    return Q(content_type__in=ContentType.objects.get_for_models(*models, for_concrete_models=False).values())


def _on(app: str, model: str, actions: list[str]) -> Iterable[Permission]:
    names = [f"{action}_{model}" for action in actions]
    return Permission.objects.filter(content_type__app_label=app, codename__in=names)


def _media_permissions(names: list[str]) -> Iterable[Permission]:
    """Wagtail asks for its own models' permissions, whatever model holds the pictures."""
    return Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=names
    )


def _make_workflow(groups: dict[str, Group]) -> None:
    approval = apps.get_model("studio", "Approval")
    workflow = Workflow.objects.create(name=WORKFLOW)
    for place, (name, who) in enumerate({"Review": [EDITORS, PUBLISHERS], "Publish": [PUBLISHERS]}.items()):
        task = approval.objects.create(name=name)
        task.groups.set([groups[group] for group in who])
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=place)
    WorkflowPage.objects.update_or_create(page=Page.objects.get(depth=1), defaults={"workflow": workflow})


def _forget_wagtails_own() -> None:
    """Its moderators and their workflow, which a new database brings, unless somebody uses them already."""
    moderators = Group.objects.filter(name="Moderators", user__isnull=True).first()
    if moderators is None:
        return
    for workflow in Workflow.objects.filter(name="Moderators approval", workflow_states__isnull=True):
        workflow.tasks.all().delete()
        workflow.delete()
    moderators.delete()
