"""What a visitor could see: every table and column but those named here. The unknown counts as visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps

PRIVATE_TABLES = frozenset(
    {
        "django_content_type",
        "django_migrations",
        "django_session",
        "studio_approval",
        "studio_approval_groups",
        "studio_change",
        "studio_delivery",
        "studio_outsidelink",
        "studio_revision",
        "studio_wish",
        "wagtailcore_apitoken",
        "wagtailcore_comment",
        "wagtailcore_commentreply",
        "wagtailcore_groupapprovaltask",
        "wagtailcore_groupapprovaltask_groups",
        "wagtailcore_groupcollectionpermission",
        "wagtailcore_grouppagepermission",
        "wagtailcore_groupsitepermission",
        "wagtailcore_modellogentry",
        "wagtailcore_pagelogentry",
        "wagtailcore_pagesubscription",
        "wagtailcore_referenceindex",
        "wagtailcore_revision",
        "wagtailcore_task",
        "wagtailcore_taskstate",
        "wagtailcore_uploadedfile",
        "wagtailforms_formsubmission",
    }
)
PRIVATE_BEGINNINGS = (
    "account_",
    "auth_",
    "django_tasks_",
    "mfa_",
    "modelsearch_",
    "socialaccount_",
    "sqlite_",  # its own: sequences, and statistics that PRAGMA optimize makes one day
    "wagtail_localize_",
    "wagtailadmin_",
    "wagtailcore_workflow",
    "wagtailsearch_",
    "wagtailusers_",
)
CONSTANT_TABLES = frozenset({"django_content_type", "sqlite_schema", "sqlite_master"})
"""Change with the code only, so that a page may read them though no trigger watches them."""

PRIVATE_COLUMNS = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision_created_at",
        "latest_revision_id",
        "live_revision_id",
        "locked",
        "locked_at",
        "locked_by_id",
        "uploaded_by_user_id",
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """`short` ones are logged with a changed row, so that queries can be told apart by them."""

    name: str
    short: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key that the database holds: `table`.`column` names the primary key of `target`."""

    table: str
    column: str
    target: str


def private(name: str) -> bool:
    """A model may say so itself: `only_editors_see = True`."""
    return name in PRIVATE_TABLES or name.startswith(PRIVATE_BEGINNINGS) or name in _said_private()


def columns(described: Sequence[tuple[str, str]]) -> list[Column]:
    """The visible columns among (name, type) as the database describes them."""
    return [Column(name, _short(kind)) for name, kind in described if name not in PRIVATE_COLUMNS]


def table(model: Any) -> str:
    return str(_meta(model).db_table)


def key(model: Any) -> str:
    return str(_meta(model).pk.column)


@cache
def keys() -> dict[str, str]:
    """Each known table's primary key."""
    return {table(model): key(model) for model in _models()}


@cache
def references() -> frozenset[Reference]:
    return frozenset(
        Reference(table(model), field.column, table(field.remote_field.model))
        for model in _models()
        for field in _meta(model).local_concrete_fields
        if field.is_relation and getattr(field, "db_constraint", False) and _names_a_key(field)
    )


def _names_a_key(field: Any) -> bool:
    return bool(field.target_field.column == key(field.remote_field.model))


@cache
def _said_private() -> frozenset[str]:
    return frozenset(table(model) for model in _models() if getattr(model, "only_editors_see", False))


def _meta(model: Any) -> Any:
    return model._meta  # noqa: SLF001 - Django's documented way to a model's fields


def _models() -> list[Any]:
    return list(apps.get_models(include_auto_created=True))


def _short(kind: str) -> bool:
    return kind.lower().startswith(("bigint", "bool", "char", "int", "smallint", "uuid", "varchar"))
