"""What tests of the studio ask for. Django is set up here, so that tests of other parts never wait for it.

`pytest tests/studio --database=postgresql` runs them against a PostgreSQL that is started for them.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import django
import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connections
from django.test import Client, override_settings
from django.utils import translation

from portico.studio import apart
from portico.studio.database.configured import POOL
from support import livestudio, postgres, studios

FROZEN = "frozen"
PATIENCE_S = 60
ROLES = {"author": "Authors", "editor": "Editors", "publisher": "Publishers"}
SESSION = pytest.StashKey[Path]()


def pytest_addoption(parser):
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config):
    folder = Path(tempfile.mkdtemp(prefix="studio-", dir="/tmp"))
    config.stash[SESSION] = folder
    # patched later on, when the server is up and its port is known
    database = postgres.Server(1).url("studio") if _kind(config) == "postgresql" else ""
    with mock.patch.dict(os.environ, studios.environment(folder, database)):
        django.setup()


def pytest_collection_finish(session):
    """Make the template now, if anybody needs it: that may take longer than a test may."""
    if any("studio_template" in getattr(item, "fixturenames", ()) for item in session.items):
        with contextlib.suppress(postgres.MissingError):
            _template(_kind(session.config))


def pytest_unconfigure(config):
    shutil.rmtree(config.stash[SESSION], ignore_errors=True)


def _kind(config) -> str:
    return config.getoption("database", "sqlite")


@dataclass(frozen=True)
class Studio:
    """A migrated and seeded studio in this very process: its folder, its database as a program is told it."""

    data: Path
    database: str


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """What stands behind everything else in production would never have its turn on a busy machine."""
    monkeypatch.setattr(apart, "NICE", 0)


@pytest.fixture(scope="session")
def database_kind(request) -> str:
    return _kind(request.config)


@pytest.fixture(scope="session")
def studio_template(database_kind) -> Path:
    """Never write to it."""
    try:
        return _template(database_kind)
    except postgres.MissingError as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def postgres_server(studio_template, database_kind) -> Iterator[postgres.Server | None]:
    if database_kind == "sqlite":
        yield None
        return
    with postgres.running(studio_template / "pg") as server:
        yield server


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, studio_template, postgres_server):
    """Instead of pytest-django's, which would migrate: the database that `db` and `studio` work in."""
    settings = connections["default"].settings_dict
    if postgres_server is None:
        settings["NAME"] = str(request.config.stash[SESSION] / "studio.db")
        shutil.copyfile(studio_template / "studio.db", settings["NAME"])
    else:
        settings["PORT"], settings["NAME"] = str(postgres_server.port), "rolled_back"
        patient = {"connect_timeout": PATIENCE_S, "pool": POOL | {"timeout": PATIENCE_S}}
        settings["OPTIONS"] = settings["OPTIONS"] | patient
        postgres_server.copy(studios.SEEDED, settings["NAME"])
    yield
    _disconnect()


@pytest.fixture
def place_studio(tmp_path, settings) -> Callable[[Path], Path]:
    """Gives the test a data folder of its own, to which the settings point."""

    def placed(template: Path) -> Path:
        data = tmp_path / "studio"
        studios.place(template, data)
        for name, value in _told(data).items():
            setattr(settings, name, value)
        cache.clear()
        return data

    return placed


@pytest.fixture(autouse=True)
def no_language_is_left_behind() -> Iterator[None]:
    """A request's language holds in its thread until the next one's, and tests share the thread."""
    yield
    translation.deactivate()


@pytest.fixture
def studio_folder(studio_template, place_studio) -> Path:
    return place_studio(studio_template)


@pytest.fixture
def studio(db, studio_folder) -> Studio:
    """In a transaction that is rolled back: quick; on_commit never fires, one connection sees it."""
    if connections["default"].vendor == "postgresql":
        with connections["default"].cursor() as cursor:
            # as long as the test, which is another thing than a transaction that somebody forgot
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    return Studio(studio_folder, _url(connections["default"].settings_dict))


@pytest.fixture
def studio_alone(django_db_setup, django_db_blocker, studio_folder, postgres_server) -> Iterator[Studio]:
    """A database of the test's own: commits are real, other connections, threads and processes see them."""
    with django_db_blocker.unblock(), _alone(studio_folder, postgres_server, studios.SEEDED) as studio:
        yield studio


@pytest.fixture
def studio_frozen(django_db_blocker, frozen_template, place_studio, postgres_server) -> Iterator[Studio]:
    """As `studio_alone`, and everything was frozen once, into its folder's `frozen`."""
    data = place_studio(frozen_template)
    with django_db_blocker.unblock(), _alone(data, postgres_server, FROZEN) as studio:
        yield studio


@pytest.fixture(scope="session")
def frozen_template(
    django_db_setup, django_db_blocker, studio_template, tmp_path_factory, postgres_server
) -> Path:
    """Never write to it. To freeze all takes longer than what most tests of freezing look at."""
    from portico.studio.freezing import freeze  # noqa: PLC0415 - models are there once Django is set up

    data = tmp_path_factory.mktemp("frozen")
    studios.place(studio_template, data)
    with (
        django_db_blocker.unblock(),
        override_settings(**_told(data)),
        _alone(data, postgres_server, studios.SEEDED, keep=FROZEN),
    ):
        freeze.run()
    return data


@pytest.fixture
def live_studio(studio_template, postgres_server, tmp_path) -> Iterator[livestudio.LiveStudio]:
    """Real processes on a copy of everything; dear (3 s): only where nothing less shows it."""
    data = tmp_path / "live"
    studios.place(studio_template, data)
    with _own(data, postgres_server, studios.SEEDED) as name:
        database = postgres_server.url(name) if postgres_server else ""
        with livestudio.running(data, database) as live:
            yield live


@pytest.fixture
def time_stands_still(monkeypatch):
    """For what counts seconds between requests, or a code's half minute, however long the test takes."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


@pytest.fixture
def sign_in():
    """Make a person of a role and sign them in: `sign_in("ada", "publisher")` gives a Django test client.

    Works with `studio` and `studio_alone`, whichever the test asks for.
    """

    def signed_in(name: str, role: str) -> Client:
        person, _ = get_user_model().objects.get_or_create(
            username=name, defaults={"email": f"{name}@example.com", "is_superuser": role == "admin"}
        )
        if role != "admin":
            person.groups.add(apps.get_model("auth.Group").objects.get(name=ROLES[role]))
        # allauth would have asked for it; whoever has none is sent to make one
        apps.get_model("mfa.Authenticator").objects.get_or_create(user=person, type="totp", data={})
        client = Client()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def author(sign_in) -> Client:
    return sign_in("ann", "author")


@pytest.fixture
def editor(sign_in) -> Client:
    return sign_in("eddie", "editor")


@pytest.fixture
def publisher(sign_in) -> Client:
    return sign_in("paula", "publisher")


@pytest.fixture
def admin(sign_in) -> Client:
    return sign_in("adele", "admin")


def _told(data: Path) -> dict[str, object]:
    """The settings of a studio whose folder is `data`."""
    here = replace(django_settings.HERE, data=data, run=data / "run")
    return {"HERE": here, "MEDIA_ROOT": data / "media", "STATIC_ROOT": data / "static"}


@contextlib.contextmanager
def _alone(folder: Path, server: postgres.Server | None, source: str, keep: str = "") -> Iterator[Studio]:
    """Django works in a copy of the database `source`, which is there afterwards if `keep` names it."""
    settings = connections["default"].settings_dict
    before = settings["NAME"]
    with _own(folder, server, source, keep) as name:
        _disconnect()
        settings["NAME"] = name
        try:
            yield Studio(folder, _url(settings))
        finally:
            _disconnect()
            settings["NAME"] = before


@contextlib.contextmanager
def _own(folder: Path, server: postgres.Server | None, source: str, keep: str = "") -> Iterator[str]:
    if server is None:
        yield str(folder / "studio.db")
        return
    name = keep or f"own_{secrets.token_hex(3)}"
    server.copy(source, name)
    yield name
    if not keep:
        server.drop(name)


@functools.cache
def _template(kind: str) -> Path:
    return studios.postgresql() if kind == "postgresql" else studios.sqlite()


def _disconnect() -> None:
    connections.close_all()
    close_pool = getattr(connections["default"], "close_pool", None)
    if close_pool is not None:
        close_pool()


def _url(settings: dict) -> str:
    if settings["ENGINE"].endswith("sqlite3"):
        return ""
    return postgres.Server(int(settings["PORT"])).url(settings["NAME"])
