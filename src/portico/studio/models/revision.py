"""The number that rises with whatever a visitor could see, and the rows that changed. Triggers write them."""

from __future__ import annotations

from django.db import models


class Revision(models.Model):
    """One row. `at` is when the newest change was made; `triggers` tells which ones are installed.

    `mark` is what the newest freeze left here and in its memory: differing, one was put back from a copy.
    """

    number = models.BigIntegerField(default=0)
    at = models.FloatField(default=0)
    mark = models.CharField(max_length=64, default="", blank=True)
    triggers = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        db_table = "studio_revision"
        default_permissions = ()

    def __str__(self) -> str:
        return f"revision {self.number}"


class Change(models.Model):
    """A row of `tbl` that was made, changed or deleted since the last freeze.

    `changed` names the columns of an update, each with a comma behind; '*' is a table that was emptied.
    `old` and `new` are the row's short columns as JSON.
    """

    tbl = models.CharField(max_length=120)
    changed = models.TextField(default="", blank=True)
    old = models.TextField(null=True)  # noqa: DJ001 - a row that is new has no old one
    new = models.TextField(null=True)  # noqa: DJ001 - a row that is gone has no new one

    class Meta:
        db_table = "studio_change"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.tbl}: {self.changed or 'row'}"
