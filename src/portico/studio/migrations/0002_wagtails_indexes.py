"""Indexes on Wagtail's tables, for what each request asks: the tops of the tree, and what is locked."""

from __future__ import annotations

from django.db import migrations


def index(name: str, rest: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"CREATE INDEX IF NOT EXISTS {name} ON {rest}", f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    initial = True  # made with the tables, before anybody works with them
    dependencies = [("studio", "0001_initial"), ("wagtailcore", "0098_apitoken")]
    operations = [
        index("studio_page_by_depth", "wagtailcore_page (depth, path)"),
        index("studio_page_locked", "wagtailcore_page (path) WHERE locked"),
        index("studio_log_deleted", "wagtailcore_pagelogentry (page_id) WHERE deleted"),
    ]
