from pathlib import Path

import pytest
from django.db import connection

from portico.studio import environment
from portico.studio.database import configured


def test_without_a_url_it_is_a_file_in_the_studios_folder(tmp_path):
    told = configured.database("", tmp_path)
    assert told["NAME"] == str(tmp_path / "studio.db")
    assert told["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_gets_a_pool_and_limits_and_keeps_what_its_url_asks_for(tmp_path):
    told = configured.database(
        "postgresql://u:p@db:5433/s?sslmode=require&options=-csearch_path%3Dx", tmp_path
    )
    options = told["OPTIONS"]
    assert told["CONN_MAX_AGE"] == 0  # the pool keeps them
    assert options["pool"]["max_size"] == configured.POOL["max_size"]
    assert options["sslmode"] == "require"
    assert options["application_name"] == "portico-studio"
    assert "lock_timeout=5s" in options["options"]
    assert options["options"].endswith("-csearch_path=x")


def test_another_database_is_refused_without_its_password(tmp_path):
    with pytest.raises(ValueError, match="expected sqlite or postgresql") as refused:
        configured.database("mysql://u:secret@db/s", tmp_path)
    assert "secret" not in str(refused.value)


def test_the_url_may_stand_in_a_file(tmp_path, monkeypatch):
    file = tmp_path / "url"
    file.write_text("postgresql://u:p@db/s\n")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL_FILE", str(file))
    assert environment.read().database == "postgresql://u:p@db/s"


def test_the_pragmas_hold_on_a_real_connection(studio_alone, database_kind):
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL has none")
    with connection.cursor() as cursor:
        for name, value in {
            **configured.PRAGMAS,
            "synchronous": 2,
            "temp_store": 2,
            "foreign_keys": 1,
        }.items():
            found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            assert str(found).lower() == str(value).lower(), name


def test_what_each_session_is_told_holds_on_a_real_connection(studio_alone, database_kind):
    if database_kind != "postgresql":
        pytest.skip("SQLite waits by itself")
    with connection.cursor() as cursor:
        for name, value in configured.SESSION.items():
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone()[0].replace("1min", "60s") == value
        cursor.execute("SHOW application_name")
        assert cursor.fetchone()[0] == "portico-studio"
    assert Path(studio_alone.data).exists()
