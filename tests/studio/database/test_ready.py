import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from portico.studio.database import ready


def test_nothing_is_pending_in_a_migrated_database(studio):
    applied = MigrationRecorder(connection).applied_migrations()
    assert ready.known() <= applied.keys()


def test_what_is_pending_is_applied_after_a_copy_was_made(studio_alone, database_kind):
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL is backed up by its own means")
    # as if the version before had known one migration less: this one may be applied again and again
    done = MigrationRecorder.Migration.objects.filter(app="sessions")
    done.delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {apps.get_model('sessions.Session')._meta.db_table}")
    ready.make()
    assert done.exists()
    assert len(list((studio_alone.data / "backups").glob("before-*.db"))) == 1
