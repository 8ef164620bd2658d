"""Migrations never lock a table that somebody works with; the linter reads the SQL that they would run."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class

from support import studios

OURS = ["studio"]
"""Others' migrations are theirs; Wagtail's and Django's come with a new version of them."""


def linter():
    return MigrationLinter(
        include_apps=OURS,
        no_cache=True,
        no_output=True,
        all_warnings_as_errors=True,
        # what makes the tables in the first place locks nobody's: they are empty
        ignore_initial_migrations=True,
    )


def findings(operation: Operation) -> set[str]:
    """What the linter says of one more migration after ours."""
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    operation.state_forwards("studio", after)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards("studio", editor, before, after)
    analyser = get_sql_analyser_class(connection.settings_dict["ENGINE"])
    errors, _, warnings = analyse_sql_statements(analyser, editor.collected_sql)
    return {found.code for found in (*errors, *warnings)}


def test_our_migrations_never_lock_a_live_table(studio):
    found = linter()
    found.lint_all_migrations()
    assert found.nb_total >= 1
    assert not found.has_errors


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (migrations.AddField("topic", "must", models.TextField(default="x")), "NOT_NULL"),
        (migrations.RemoveField("topic", "name"), "DROP_COLUMN"),
        (migrations.DeleteModel("topic"), "DROP_TABLE"),
        (migrations.RenameModel("topic", "subject"), "RENAME_TABLE"),
    ],
)
def test_a_migration_that_breaks_what_runs_is_refused(studio_alone, database_kind, operation, code):
    if database_kind == "sqlite" and code == "DROP_COLUMN":
        pytest.skip("SQLite makes the table anew")
    assert code in findings(operation)


def test_an_index_that_locks_writers_out_is_refused(studio_alone, database_kind):
    if database_kind != "postgresql":
        pytest.skip("SQLite's writers take turns anyway")
    index = models.Index(fields=["name"], name="studio_topic_by_name")
    assert "CREATE_INDEX" in findings(migrations.AddIndex("topic", index))


def test_one_that_only_adds_is_allowed(studio_alone):
    assert findings(migrations.AddField("topic", "may", models.TextField(null=True))) == set()


def test_the_migrations_are_what_the_models_say(studio):
    """Asked in a process of its own: tests beside this one bring models along."""
    said = studios.run(
        studio.data, "makemigrations", "studio", "--check", "--dry-run", database=studio.database
    )
    assert "No changes" in said
