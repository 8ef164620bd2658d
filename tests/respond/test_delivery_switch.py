"""The dead man's switch: silence is the alarm, so it is asked only while all is well enough to ask."""

import sqlite3

import pytest

from support import inboxes, telling


@pytest.fixture
def service():
    with inboxes.hook() as opened:
        yield opened


@pytest.fixture
def desk(tmp_path, service):
    made = telling.post(
        tmp_path, f'[notify]\ndead_mans_switch = "http://127.0.0.1:{service.port}/ping/s3cret-id"\n'
    )
    yield made
    made.ledger.close()


def paths(service):
    return [path for _, path, _ in service.asked]


def test_it_is_asked_every_minute_by_the_loop(desk, service):
    desk.tick()
    desk.tick(after=59)
    assert paths(service) == ["/ping/s3cret-id"]
    desk.tick(after=1)
    assert len(service.asked) == 2
    assert service.asked[0][2]["User-Agent"] == "portico"


def test_a_clock_that_is_set_back_is_no_silence(desk, service):
    desk.tick()
    desk.tick(after=-7200)
    assert len(service.asked) == 2


def test_a_ledger_that_can_not_be_written_is_silence(desk, service):
    desk.tick()
    desk.ledger.ask("PRAGMA query_only = 1")
    desk.clock.now += 60
    with pytest.raises(sqlite3.OperationalError):
        desk.courier.tick(desk.clock.now)
    desk.ledger.ask("PRAGMA query_only = 0")
    assert len(service.asked) == 1


def test_that_it_can_not_be_told_is_found_without_its_address(desk, service):
    service.answers += [404] * 3
    desk.tick()
    desk.tick(after=60)
    assert desk.courier.troubles() == {}
    desk.tick(after=10)
    finding = desk.courier.troubles()["dead-mans-switch-failing"]
    assert finding.sentence == "The dead man's switch can't be told that the watcher lives: it answered 404."
    desk.tick(after=10)
    assert desk.courier.troubles() == {}


def test_a_service_that_is_not_there_is_told_without_its_address(tmp_path):
    desk = telling.post(tmp_path, '[notify]\ndead_mans_switch = "http://127.0.0.1:1/ping/s3cret-id"\n')
    for _ in range(3):
        desk.tick(after=60)
    sentence = desk.courier.troubles()["dead-mans-switch-failing"].sentence
    assert "could not be reached" in sentence
    assert "s3cret" not in sentence
    desk.ledger.close()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "nonsense", "ftp://example.com/"])
def test_only_a_web_address_is_asked(tmp_path, address):
    desk = telling.post(tmp_path, f'[notify]\ndead_mans_switch = "{address}"\n')
    for _ in range(3):
        desk.tick(after=60)
    assert "expected an address" in desk.courier.troubles()["dead-mans-switch-failing"].sentence
    desk.ledger.close()


def test_its_address_may_lie_in_a_file(tmp_path, service):
    (tmp_path / "switch.url").write_text(f"http://127.0.0.1:{service.port}/from-a-file\n")
    desk = telling.post(tmp_path, '[notify]\ndead_mans_switch_file = "switch.url"\n')
    desk.tick()
    assert paths(service) == ["/from-a-file"]
    desk.ledger.close()


def test_when_nobody_can_be_told_of_something_critical_the_outside_is_asked_to(tmp_path, service):
    with inboxes.hook() as broken:
        broken.answers += [503] * 99
        toml = (
            f'[notify]\ndead_mans_switch = "http://127.0.0.1:{service.port}/ping/1/"\n'
            f'[[notify.channels]]\nname = "hook"\nurl = "json://127.0.0.1:{broken.port}"\n'
        )
        desk = telling.post(tmp_path, toml)
        desk.incident()
        for _ in range(4):
            desk.tick(after=60)
        assert paths(service)[0] == "/ping/1/"
        assert paths(service)[-1] == "/ping/1/fail"
        broken.answers.clear()
        desk.tick(after=300)
        desk.tick(after=60)
        assert paths(service)[-1] == "/ping/1/"
        desk.ledger.close()


def test_an_address_that_no_library_takes_is_found_without_it(tmp_path):
    made = telling.post(tmp_path, '[notify]\ndead_mans_switch = "http://127.0.0.1:1/ping/s3cret id"\n')
    for _ in range(4):
        made.tick(after=60)
    finding = made.courier.troubles()["dead-mans-switch-failing"]
    made.ledger.close()
    assert "could not be asked" in finding.sentence
    assert "s3cret" not in finding.sentence
