"""The keeper starts the watcher, the studio and their like beside what serves, and heals them."""

import os
import pwd
import socket
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest

from portico.config import console, load
from portico.config.home import Home
from portico.config.models import Settings
from portico.keeper import memory, status, steps
from portico.keeper.decide import decide
from portico.keeper.helpers import launching, studio, table
from portico.keeper.observe import Observer
from portico.keeper.stack import Stack
from portico.keeper.wanted import wanted_of
from portico.keeper.watchers import Watchers
from portico.keeper.world import HelperSeen, Memory
from portico.kit import lock, ports, process
from portico.kit.errors import ConfigError
from portico.ledger.ledger import Ledger
from portico.model import CONSOLE, HELPERS, RELAY, STUDIO, WATCHER
from support import backserver
from support.simulated import SOAK_S, Sim
from support.stack import until

RUNNING = HelperSeen(7, alive=True, answered=True)
PROVIDER = {
    "oidc_issuer": "https://login.example.com",
    "oidc_client_id": "studio",
    "oidc_client_secret_file": "secret",
    "oidc_roles": ["web team=publisher", "it=admin"],
}
START, KILL = steps.StartHelper(WATCHER), steps.KillHelper(WATCHER)


def due(seen, sim=None):
    sim = sim or settled()
    world = replace(sim.world(), helpers={WATCHER: seen} if seen else {})
    return decide(world, wanted_of(sim.clusters, sim.remembered), sim.memory, soak_s=SOAK_S)


def settled():
    sim = Sim()
    sim.settle()
    return sim


def test_a_helper_is_started_when_none_runs():
    assert due(HelperSeen()) == [START]


def test_a_helper_that_shows_life_is_left_alone():
    assert due(RUNNING) == []


def test_a_helper_that_shows_none_is_ended():
    assert due(replace(RUNNING, silent_s=11)) == [KILL]


def test_no_helper_is_started_where_none_is_wanted():
    assert due(None) == []


def test_the_first_seconds_belong_to_the_site():
    sim = settled()
    sim.remembered = {}
    assert START not in due(HelperSeen(), sim)


def test_a_site_that_nothing_was_published_of_gets_its_studio_all_the_same():
    sim = settled()
    sim.remembered = {}
    assert START in due(HelperSeen(waits=False), sim)


def test_a_helper_that_keeps_dying_is_started_with_growing_pauses():
    sim = settled()
    started = 0
    for _ in range(240):
        if START in due(HelperSeen(), sim):
            sim.memory = memory.after(sim.memory, START, sim.now)
            started += 1
        sim.now += 0.25
    assert 5 < started < 12


def test_each_helper_has_a_row_and_a_state():
    sim = settled()
    world = replace(sim.world(), helpers={STUDIO: HelperSeen(7, alive=True)})
    assert set(table.TABLE) == set(HELPERS)
    assert status._helper(world, Memory(), STUDIO)["state"] == "starting"
    assert status._helper(world, Memory(), WATCHER)["state"] == "off"


def wanted(stack) -> list[str]:
    settings = load.parse({"source": {"folder": "public"}}, where="")
    return [name for name, helper in table.TABLE.items() if helper.wanted(settings, stack.home)]


def test_with_a_folder_there_is_no_studio(stack):
    assert wanted(stack) == [WATCHER, CONSOLE]


def test_who_subscribed_can_leave_a_folders_status_page_with_mail_switched_off(stack):
    stack.home.subscribers.parent.mkdir(exist_ok=True)
    stack.home.subscribers.touch()
    assert wanted(stack) == [WATCHER, RELAY, CONSOLE]


def test_where_the_console_will_be_is_known_before_it_is_there(stack):
    table.TABLE[CONSOLE].launch(stack)
    address = console.address(stack.home, stack.settings.console)
    assert address == f"http://localhost:{ports.kept(stack.home.console_port)}/"


@pytest.fixture
def stack(tmp_path):
    return Stack(Home(tmp_path).create(), Settings(), None, None, "https://localhost:8443/", "", None)


@pytest.fixture
def ledger(stack):
    ledger = Ledger(stack.home.ledger)
    yield ledger
    ledger.close()


@pytest.fixture
def observer(stack):
    """A keeper's eyes on a watcher and a studio that run."""
    running = [process.spawn(["sleep", "60"], cwd=stack.home.root, log=stack.home.log("any")) for _ in "12"]
    for name, one in zip((WATCHER, STUDIO), running, strict=True):
        process.remember(stack.home.record(name), one)
    yield Observer(stack, Watchers(lambda: None))
    for one in running:
        process.stop(one, grace=2)


def seen(observer, name=WATCHER):
    return observer.look(time.time()).helpers[name]


def test_a_clock_that_was_set_makes_no_helper_silent(observer):
    seen(observer)
    os.utime(observer.stack.home.record(WATCHER), (0, 0))
    assert not seen(observer).hung


def test_a_helper_whose_sign_of_life_stays_the_same_is_hung(observer):
    seen(observer)
    observer.pulses._pulses[WATCHER].since -= 31
    assert seen(observer).hung
    os.utime(observer.stack.home.record(WATCHER))
    assert not seen(observer).hung


def test_a_studio_that_answers_at_its_socket_is_up(observer, stack):
    assert not seen(observer, STUDIO).answered
    with backserver.running(stack.home.studio_socket):
        until(lambda: seen(observer, STUDIO).answered)


def test_a_studio_may_take_long_to_its_first_answer_and_not_later(observer, stack):
    seen(observer, STUDIO)
    pulse = observer.pulses._pulses[STUDIO]
    pulse.since -= 60
    assert not seen(observer, STUDIO).hung
    pulse.answered = True
    assert seen(observer, STUDIO).hung


def test_a_helper_that_is_ended_takes_what_it_has_started_with_it(stack, ledger):
    parent = process.spawn(
        ["sh", "-c", "sleep 60 & sleep 60"], cwd=stack.home.root, log=stack.home.log(STUDIO)
    )
    process.remember(stack.home.record(STUDIO), parent)
    children = until(lambda: process.children(parent))
    launching.kill(stack, ledger, STUDIO)
    until(lambda: not any(one.alive for one in (parent, *children)))
    assert ledger.last_of(["studio.hung"])


def test_the_studio_is_told_everything_by_its_environment(stack):
    told = studio.environment(stack, 8123)
    assert told["PORTICO_STUDIO_DATA"] == str(stack.home.studio)
    assert told["PORTICO_STUDIO_SITE"] == "https://localhost:8443/"
    assert told["PORTICO_STUDIO_ADDRESS"] == "http://localhost:8123/"
    assert told["PORTICO_STUDIO_POKE"] == "run/freezer.sock"


def test_the_databases_url_is_read_from_its_file(stack, tmp_path):
    (tmp_path / "url").write_text("postgres://ada:secret@db/studio\n")
    asked = stack.settings.studio.model_copy(update={"database_file": tmp_path / "url"})
    settings = stack.settings.model_copy(update={"studio": asked})
    told = studio.environment(replace(stack, settings=settings), 8000)
    assert told["DATABASE_URL"] == "postgres://ada:secret@db/studio"
    (tmp_path / "url").unlink()
    with pytest.raises(ConfigError, match="can't be read"):
        studio.environment(replace(stack, settings=settings), 8000)


def test_the_studio_is_told_of_the_identity_provider(stack, tmp_path):
    (tmp_path / "secret").write_text("hush\n")
    asked = load.parse({"studio": PROVIDER}, where="").studio
    asked = asked.model_copy(update={"oidc_client_secret_file": tmp_path / "secret"})
    settings = stack.settings.model_copy(update={"studio": asked})
    told = studio.environment(replace(stack, settings=settings), 8000)
    assert told["PORTICO_STUDIO_OIDC_ISSUER"] == "https://login.example.com"
    assert told["PORTICO_STUDIO_OIDC_CLIENT_SECRET"] == "hush"
    assert told["PORTICO_STUDIO_OIDC_ROLES"] == "web team=publisher,it=admin"
    assert told["PORTICO_STUDIO_SECOND_FACTOR"] == "1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_client_id": ""},
        {"oidc_roles": ["it=root"]},
        {"oidc_roles": ["cn=it=admin"]},
        {"oidc_issuer": "login.example.com"},
    ],
)
def test_a_provider_that_could_not_work_is_refused(wrong):
    with pytest.raises(ConfigError):
        load.parse({"studio": {**PROVIDER, **wrong}}, where="")


def test_a_port_that_is_taken_is_replaced_and_kept(stack):
    asked = stack.settings.studio.model_copy(update={"port": 0})
    chosen = studio.free_port(stack.home, asked)
    assert studio.free_port(stack.home, asked) == chosen == studio.port_of(stack.home, asked)


def test_the_port_is_kept_while_what_a_killed_studio_left_is_still_ending(stack):
    asked = stack.settings.studio.model_copy(update={"port": 0})
    chosen = studio.free_port(stack.home, asked)
    stack.home.studio_run.mkdir(parents=True)
    with socket.create_server((asked.listen, chosen)):
        with lock.held(stack.home.studio_run / "serve.lock"):
            assert studio.free_port(stack.home, asked) == chosen
        assert studio.free_port(stack.home, asked) != chosen, "it is somebody else's"


def test_what_editors_wrote_is_for_the_studio_alone(stack):
    studio.hand_over(stack.home, None)
    assert stack.home.studio.stat().st_mode & 0o777 == 0o700
    assert stack.home.studio_run.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_under_root_the_studio_is_handed_to_somebody_unprivileged(stack):
    stack.home.studio.mkdir()
    with sqlite3.connect(stack.home.studio / "studio.db") as db:
        db.execute("create table x (y)")
    studio.hand_over(stack.home, "daemon")
    owner = pwd.getpwnam("daemon").pw_uid
    assert (stack.home.studio / "studio.db").stat().st_uid == owner == stack.home.studio.stat().st_uid


@pytest.mark.skipif(os.geteuid() != 0, reason="whoever isn't root is nobody special already")
def test_a_home_that_the_unprivileged_cannot_enter_is_told(stack, tmp_path):
    tmp_path.chmod(0o700)
    user, why = studio.user(Home(tmp_path), stack.settings.studio)
    assert user is None
    assert why.startswith("runs as root: daemon can't enter /")


def test_a_folder_that_all_may_enter_is_open_to_the_unprivileged():
    assert list(studio._closed([Path("/usr")], pwd.getpwnam("daemon"))) == []


def test_what_nobody_knows_any_more_is_ended_before_another_is_started(stack, ledger, monkeypatch):
    """A studio whose parent was killed holds the port still."""
    lost = process.spawn(
        ["sh", "-c", "sleep 60; : portico.studio serve", "portico.studio", "serve"],
        cwd=stack.home.root,
        log=stack.home.log(STUDIO),
    )
    known = replace(
        table.TABLE[STUDIO], launch=lambda _stack: table.Launch(["sleep", "60"], {"PATH": os.environ["PATH"]})
    )
    monkeypatch.setattr(table, "TABLE", {**table.TABLE, STUDIO: known})
    launching.start(stack, ledger, STUDIO)
    assert not lost.alive
    launching.stop_all(stack, grace=2)
    assert process.recall(stack.home.record(STUDIO)) is None
