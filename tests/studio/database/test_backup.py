import datetime as dt
import sqlite3
import threading

import pytest
from django.contrib.auth import get_user_model

from portico.studio.database import backup


@pytest.fixture
def on_sqlite(database_kind):
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL is backed up by its own means")


def people(file):
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        return {name for (name,) in connection.execute("SELECT username FROM auth_user")}


def test_a_copy_made_while_others_write_is_whole(on_sqlite, studio_alone, tmp_path, django_db_blocker):
    ending, wrote = threading.Event(), threading.Event()

    def write():
        from django.db import connections  # noqa: PLC0415 - this thread's own

        with django_db_blocker.unblock():
            count = 0
            while not ending.is_set():
                get_user_model().objects.create(username=f"writer{count}")
                count += 1
                wrote.set()
            connections.close_all()

    get_user_model().objects.create(username="ada")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert wrote.wait(60)
        status, said = backup.answer({"to": str(tmp_path / "copies" / "now.db")})
    finally:
        ending.set()
        writer.join()
    assert status == 200
    assert said["bytes"] > 100_000
    assert "ada" in people(tmp_path / "copies" / "now.db")
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["now.db"]
    assert (tmp_path / "copies" / "now.db").stat().st_mode & 0o077 == 0


def test_a_path_that_is_not_whole_is_refused(studio_alone):
    assert backup.answer({"to": "here.db"})[0] == 422
    assert backup.answer({})[0] == 422


def test_postgresql_is_not_copied_that_way(studio_alone, database_kind, tmp_path):
    if database_kind != "postgresql":
        pytest.skip("SQLite is")
    status, said = backup.answer({"to": str(tmp_path / "x.db")})
    assert status == 422
    assert "pg_dump" in said["what"]


def test_each_day_has_one_copy_and_the_oldest_go(on_sqlite, studio_alone):
    folder = studio_alone.data / "backups"
    folder.mkdir()
    for day in range(1, 11):
        (folder / backup.name(dt.date(2020, 1, day))).touch()
    (folder / "before-2020-01-01T000000.db").touch()
    backup.daily()
    today = folder / backup.name(dt.datetime.now(dt.UTC).date())
    first = today.stat().st_mtime_ns
    backup.daily()
    assert today.stat().st_mtime_ns == first
    assert len(list(folder.glob("day-*.db"))) == backup.KEPT
    assert len(list(folder.glob("before-*.db"))) == 1
