"""Subscribing by mail: nobody hears anything before confirming, each thing is heard once, all can leave."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from portico.config.models import Settings
from portico.config.responding import Channel, Notify
from portico.config.statuspage import StatusPage
from portico.intake import subscribers
from portico.intake.post import Post
from portico.intake.subscribers import Letter, Subscribers
from portico.ledger import bulletins
from portico.ledger.bulletins import Said, Written
from portico.ledger.ledger import Ledger
from portico.notify.port import Port
from portico.relay import letters, person
from portico.relay.mailing import Mailing
from portico.relay.subscriptions import CONFIRMED, LEAVE, SUBSCRIBE, Subscriptions
from support import inboxes
from support.inboxes import Mails

ADA, BASE = "ada@example.com", "https://status.example.com/"
WORDS = Written("incident", "Pages are slow", "investigating", "We look into it.")


@dataclass
class Desk:
    kept: Subscribers
    ledger: Ledger
    inbox: Mails
    relay: Subscriptions
    now: float

    def post(self, form: str, *, language: str = "en", **fields: str) -> None:
        self.relay.takes[form](
            Post("0" * 32, form, self.now, fields, spam=False, why="", language=language, cluster="a")
        )

    def mailed(self) -> list[EmailMessage]:
        """What came by this tick."""
        before = len(self.inbox.got)
        self.relay.tick(self.now)
        return self.inbox.got[before:]

    def confirmed(self, address: str = ADA) -> str:
        """Subscribe and confirm; the code to leave."""
        self.post(SUBSCRIBE, email=address)
        self.post(CONFIRMED, code=code(self.mailed()[0], "confirm"))
        return code(self.mailed()[0], "unsubscribe")

    def say(self) -> int:
        number = bulletins.draft(self.ledger, WORDS, by="grace")
        bulletins.publish(self.ledger, number, by="grace")
        return number


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with inboxes.mails() as inbox:
        channel = Channel(
            name="team",
            url=f"mailto://127.0.0.1:{inbox.port}/team@example.com?from=portico@example.com&mode=insecure",
        )
        settings = Settings(
            notify=Notify(channels=[channel]), status_page=StatusPage(mail="team", title="Example")
        )
        moment = [1_800_000_000.0]
        ledger = Ledger(tmp_path / "ledger.db", now=lambda: moment[0])
        ledger.see("status_page", {"address": BASE})
        kept = Subscribers(tmp_path / "subscribers.db")
        relay = Subscriptions(kept, ledger, settings, Port(tmp_path / "apprise"))
        made = Desk(kept, ledger, inbox, relay, moment[0])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("portico.relay.subscriptions.time.time", lambda: made.now)
            yield made
        kept.close()
        ledger.close()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many addresses are asked in an hour."""
    monkeypatch.setattr(subscribers, "MOST_ASKED", 5)
    return 5


def code(mail: EmailMessage, page: str) -> str:
    found = re.search(rf"{re.escape(BASE)}{page}/#([a-z2-7]{{16}})", mail.get_content())
    assert found, mail.get_content()
    return found[1]


def test_a_stranger_gets_one_mail_to_confirm_and_nothing_else(desk: Desk):
    desk.post(SUBSCRIBE, email=ADA)
    [mail] = desk.mailed()
    assert (mail["To"], mail["From"]) == (ADA, "portico@example.com")
    assert "confirm" in mail["Subject"]
    assert "List-Unsubscribe" not in mail
    desk.say()
    assert desk.mailed() == []


def test_who_confirmed_hears_each_thing_once(desk: Desk):
    desk.confirmed()
    number = desk.say()
    [mail] = desk.mailed()
    assert mail["Subject"] == "Example: Pages are slow (investigating)"
    assert f"{BASE}incidents/{number}/" in mail.get_content()
    assert desk.mailed() == []
    bulletins.update(desk.ledger, number, Said("resolved", "All is well."), by="grace")
    assert ["resolved" in one["Subject"] for one in desk.mailed()] == [True]


def test_who_subscribes_in_german_is_written_to_in_german(desk: Desk):
    desk.post(f"{SUBSCRIBE}-de", language="de", email=ADA)
    [asked] = desk.mailed()
    assert asked["Subject"] == "Example: Bitte bestätigen Sie Ihre Adresse"
    assert asked["Content-Language"] == "de"
    desk.post(f"{CONFIRMED}-de", language="de", code=code(asked, "de/confirm"))
    assert "abonniert" in desk.mailed()[0]["Subject"]
    both = replace(WORDS, titles={"de": "Seiten sind langsam"}, texts={"de": "Wir sehen nach."})
    number = bulletins.draft(desk.ledger, both, by="grace")
    bulletins.publish(desk.ledger, number, by="grace")
    [told] = desk.mailed()
    assert told["Subject"] == "Example: Seiten sind langsam (wird untersucht)"
    assert "Wir sehen nach." in told.get_content()
    assert f"{BASE}de/incidents/{number}/" in told.get_content()
    assert f"{BASE}-/intake/status-leave/" in told["List-Unsubscribe"]
    bulletins.update(desk.ledger, number, Said("resolved", "All is well."), by="grace")
    [told] = desk.mailed()
    assert "behoben" in told["Subject"]
    assert "All is well." in told.get_content()
    desk.post(f"{LEAVE}-de", language="de", code=code(told, "de/unsubscribe"))
    assert desk.kept.export(ADA) == []


def test_a_file_of_before_there_were_languages_goes_on(tmp_path: Path):
    path = tmp_path / "old.db"
    with contextlib.closing(Subscribers(path)) as kept:
        kept.subscribe(ADA, 1.0)
    with contextlib.closing(sqlite3.connect(path)) as older:
        older.execute("ALTER TABLE subscribers DROP COLUMN language")
    with contextlib.closing(Subscribers(path)) as kept:
        assert [letter.language for letter in kept.due(2.0, 9)] == ["en"]


def test_a_draft_is_told_to_nobody(desk: Desk):
    desk.confirmed()
    bulletins.draft(desk.ledger, WORDS, by="grace")
    assert desk.mailed() == []


def test_a_relay_that_begins_anew_says_nothing_again(desk: Desk, tmp_path: Path):
    desk.confirmed()
    desk.say()
    assert len(desk.mailed()) == 1
    desk.relay = Subscriptions(desk.kept, desk.ledger, _settings(desk), Port(tmp_path / "apprise"))
    assert desk.mailed() == []


def test_who_subscribes_later_hears_nothing_of_before(desk: Desk):
    desk.say()
    desk.now += 60
    desk.confirmed()
    assert desk.mailed() == []


def test_a_mail_tells_mail_programs_how_to_leave_by_one_press(desk: Desk):
    """RFC 8058."""
    leave = desk.confirmed()
    desk.say()
    [mail] = desk.mailed()
    assert mail["List-Unsubscribe"] == f"<{BASE}-/intake/status-leave/{leave}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_leaves_is_erased(desk: Desk):
    leave = desk.confirmed()
    desk.post(LEAVE, code=subscribers.shown(leave).upper())
    desk.say()
    assert desk.mailed() == []
    assert desk.kept.export(ADA) == []


def test_a_code_that_is_nobodys_changes_nothing(desk: Desk):
    desk.confirmed()
    desk.post(LEAVE, code="a" * 16)
    desk.post(CONFIRMED, code="")
    assert desk.kept.counts(desk.now)["confirmed"] == 1


def test_the_same_address_is_asked_once_a_day_however_often_it_is_given(desk: Desk):
    for _ in range(5):
        desk.post(SUBSCRIBE, email=ADA)
        desk.post(SUBSCRIBE, email=ADA.upper())
    assert len(desk.mailed()) == 1
    desk.now += subscribers.AGAIN_S + 1
    desk.post(SUBSCRIBE, email=ADA)
    assert len(desk.mailed()) == 1


def asked_in_masses(desk: Desk, count: int) -> None:
    for number in range(count):
        assert desk.kept.subscribe(f"{number}@example.com", desk.now)


def sent(desk: Desk) -> int:
    """By all ticks of this moment."""
    return sum(iter(lambda: desk.relay.tick(desk.now), 0))


def test_strangers_can_not_be_mailed_in_masses_and_none_is_forgotten(desk: Desk, few: int):
    asked_in_masses(desk, 2 * few + 1)
    assert sent(desk) == few
    assert desk.kept.counts(desk.now) | {"waiting": 0, "queued": few + 1} == desk.kept.counts(desk.now)
    desk.now += subscribers.ASKED_S + 1
    assert (sent(desk), desk.kept.counts(desk.now)["queued"]) == (few, 1)
    desk.now += subscribers.ASKED_S + 1
    assert (sent(desk), desk.kept.counts(desk.now)["queued"]) == (1, 0)
    assert len({mail["To"] for mail in desk.inbox.got}) == 2 * few + 1


def test_who_waits_for_a_turn_is_asked_once_and_has_seven_days_from_then(desk: Desk, few: int):
    asked_in_masses(desk, few)
    desk.post(SUBSCRIBE, email=ADA)
    sent(desk)
    desk.now += subscribers.AGAIN_S + 1
    desk.post(SUBSCRIBE, email=ADA)
    assert [mail["To"] for mail in desk.mailed()] == [ADA]
    desk.now += subscribers.PENDING_S - 60
    desk.relay.tick(desk.now)
    assert desk.kept.export(ADA)


def test_what_people_say_is_not_held_up_by_those_who_wait(desk: Desk, few: int):
    desk.confirmed()
    asked_in_masses(desk, 3 * few)
    sent(desk)
    desk.say()
    assert [mail["To"] for mail in desk.mailed()] == [ADA]


def test_who_would_be_forgotten_before_his_turn_is_turned_away_and_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(subscribers, "MOST_QUEUED", 3)
    asked_in_masses(desk, 3)
    assert not desk.kept.subscribe(ADA, desk.now)
    assert desk.kept.counts(desk.now)["turned_away"] == 1
    assert desk.kept.export(ADA) == []


def test_a_server_that_is_away_uses_nobodys_turn_up(desk: Desk, few: int):
    desk.inbox.answers += ["451 busy"] * few
    asked_in_masses(desk, few)
    assert sent(desk) == 0
    desk.now += 31
    assert sent(desk) == few


def test_a_batch_of_mails_goes_through_one_connection(desk: Desk):
    for name in ("ada", "grace", "joan"):
        desk.post(SUBSCRIBE, email=f"{name}@example.com")
    assert len(desk.mailed()) == 3
    assert len(desk.inbox.sessions) == 1


def test_a_server_that_ends_the_connection_between_mails_gets_the_others_by_another(desk: Desk):
    desk.inbox.parts_after = 2
    for name in ("ada", "grace", "joan", "mary", "edith"):
        desk.post(SUBSCRIBE, email=f"{name}@example.com")
    assert len(desk.mailed()) == 5
    assert len(desk.inbox.sessions) == 3


def test_a_server_that_is_not_there_is_asked_once_for_all(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """Else fifty mails would wait for fifty answers that don't come."""
    asked = []

    def nobody(_service: object) -> None:
        asked.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr("portico.notify.letter.mail.connected", nobody)
    asked_in_masses(desk, 4)
    assert desk.mailed() == []
    assert len(asked) == 1
    assert desk.kept.counts(desk.now)["waiting"] == 4


def test_of_who_was_erased_nothing_stays_on_the_disk(desk: Desk, tmp_path: Path):
    """Neither after leaving, nor after an order, nor when nobody confirmed; whatever SQLite wrote before."""
    leave = desk.confirmed("left@example.com")
    for name in ("ordered", "pending"):
        desk.kept.subscribe(f"{name}@example.com", desk.now)
    desk.post(LEAVE, code=leave)
    desk.kept.erase("ordered@example.com")
    desk.now += subscribers.PENDING_S + 1
    desk.kept.subscribe(ADA, desk.now)
    desk.relay.tick(desk.now)
    raw = b"".join(file.read_bytes() for file in tmp_path.glob("subscribers.db*"))
    assert ADA.encode() in raw
    assert [name for name in (b"left@", b"ordered@", b"pending@") if name in raw] == []


def test_a_reader_holds_up_that_the_erased_are_scrubbed_and_it_is_done_later(desk: Desk, tmp_path: Path):
    desk.kept.subscribe(ADA, desk.now)
    with contextlib.closing(sqlite3.connect(tmp_path / "subscribers.db", isolation_level=None)) as reader:
        desk.kept._db.execute("PRAGMA busy_timeout = 1")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM subscribers").fetchall()
        desk.kept.erase(ADA)
        reader.execute("COMMIT")
    desk.relay.tick(desk.now)
    assert [file.name for file in tmp_path.glob("subscribers.db*") if ADA.encode() in file.read_bytes()] == []


def test_with_mail_switched_off_nobody_is_written_to_and_all_can_leave(desk: Desk, tmp_path: Path):
    leave = desk.confirmed()
    desk.kept.subscribe("pending@example.com", desk.now)
    off = Subscriptions(desk.kept, desk.ledger, Settings(), Port(tmp_path / "apprise"))
    desk.relay = off
    desk.say()
    desk.post(SUBSCRIBE, email="new@example.com")
    assert desk.mailed() == []
    assert desk.kept.export("new@example.com") == []
    desk.now += subscribers.PENDING_S + 1
    desk.post(LEAVE, code=leave)
    desk.relay.tick(desk.now)
    assert {desk.kept.counts(desk.now)[name] for name in ("confirmed", "pending")} == {0}


def test_what_was_said_while_mail_was_off_is_no_news_when_it_is_on_again(desk: Desk, tmp_path: Path):
    desk.confirmed()
    desk.say()
    desk.now += subscribers.GIVE_UP_S + 1
    desk.relay = Subscriptions(desk.kept, desk.ledger, _settings(desk), Port(tmp_path / "apprise"))
    assert desk.mailed() == []
    assert desk.kept.counts(desk.now)["waiting"] == 0


def test_who_never_confirms_is_forgotten(desk: Desk):
    desk.post(SUBSCRIBE, email=ADA)
    desk.mailed()
    desk.now += subscribers.PENDING_S + 1
    desk.relay.tick(desk.now)
    assert desk.kept.export(ADA) == []


def test_a_mail_that_the_server_refuses_is_sent_later(desk: Desk):
    desk.confirmed()
    desk.inbox.answers.append("451 busy")
    desk.say()
    assert desk.mailed() == []
    desk.now += 31
    assert len(desk.mailed()) == 1


def test_after_a_day_of_trying_a_mail_is_given_up(desk: Desk):
    desk.inbox.refused[ADA] = "450 not now"
    desk.post(SUBSCRIBE, email=ADA)
    for _ in range(40):
        desk.mailed()
        desk.now += 3600
    told = {"confirmed": 0, "pending": 1, "waiting": 0, "failed": 1}
    assert desk.kept.counts(desk.now) | told == desk.kept.counts(desk.now)


def test_a_subscriber_who_is_refused_is_not_named_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture):
    desk.inbox.refused[ADA] = f"550 <{ADA}> is nobody"
    desk.post(SUBSCRIBE, email=ADA)
    desk.mailed()
    assert "could not be sent: the server answered 550" in caplog.text
    assert "ada" not in caplog.text


def test_an_address_that_is_refused_for_good_is_forgotten_but_counts(desk: Desk, few: int):
    """Else the page would be a way to knock at any number of strangers' doors."""
    desk.inbox.refused[ADA] = "550 nobody"
    desk.post(SUBSCRIBE, email=ADA)
    desk.mailed()
    assert desk.kept.export(ADA) == []
    assert set(desk.kept.counts(desk.now).values()) == {0}
    asked_in_masses(desk, few)
    assert sent(desk) == few - 1


def test_a_refusal_for_good_is_not_tried_again_and_leaves_who_confirmed(desk: Desk):
    desk.confirmed()
    desk.inbox.refused[ADA] = "550 full"
    desk.say()
    desk.mailed()
    told = {"confirmed": 1, "pending": 0, "waiting": 0, "failed": 1}
    assert desk.kept.counts(desk.now) | told == desk.kept.counts(desk.now)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_of_ours_loses_no_mail(desk: Desk, tmp_path: Path):
    with inboxes.mails(password="right") as inbox:
        url = f"mailto://portico:wrong@127.0.0.1:{inbox.port}?from=us@example.com&to=us@example.com"
        channel = Channel(name="team", url=url)
        asked = Settings(notify=Notify(channels=[channel]), status_page=StatusPage(mail="team"))
        desk.relay = Subscriptions(desk.kept, desk.ledger, asked, Port(tmp_path / "apprise"))
        desk.post(SUBSCRIBE, email=ADA)
        desk.relay.tick(desk.now)
    assert desk.kept.counts(desk.now)["waiting"] == 1


def test_a_mail_that_can_not_be_written_stops_no_other_and_names_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    written = letters.confirm

    def stumbling(page: letters.Page, letter: Letter):
        if letter.address == ADA:
            raise ValueError(ADA)
        return written(page, letter)

    monkeypatch.setattr("portico.relay.letters.confirm", stumbling)
    for address in (ADA, "grace@example.com"):
        desk.post(SUBSCRIBE, email=address)
    assert [mail["To"] for mail in desk.mailed()] == ["grace@example.com"]
    assert desk.kept.counts(desk.now)["waiting"] == 1
    assert "ValueError" in caplog.text
    assert ADA not in caplog.text


def test_the_addresses_are_for_their_owner_alone(tmp_path: Path):
    Subscribers(tmp_path / "s.db").close()
    assert stat.S_IMODE((tmp_path / "s.db").stat().st_mode) == 0o600


def test_a_persons_subscription_is_handed_out_and_erased(house):
    with_one = Subscribers(house.home.subscribers)
    with_one.subscribe(ADA, 1.0)
    with_one.close()
    [found] = person.export(house.home, house.clusters, ADA, has_studio=False)
    assert found["where"] == "subscribers of the status page"
    assert person.erase(house.home, house.clusters, ADA.upper(), has_studio=False).subscribers == 1
    assert person.export(house.home, house.clusters, ADA, has_studio=False) == []


def test_the_status_pages_forms_never_reach_the_studio_and_do_not_wait_for_it(house):
    """There is no studio here at all."""
    taken: list[Post] = []
    house.carrier.ours = {SUBSCRIBE: taken.append}
    house.posted()
    house.posted(SUBSCRIBE, email=ADA)
    house.carry()
    assert [one.fields for one in taken] == [{"email": ADA}]
    assert len(house.left()) == 1


def test_subscribers_that_can_not_be_kept_stop_no_other_form_and_wait(
    house, back, caplog: pytest.LogCaptureFixture
):
    """Neither does the studio get them, nor is it told more than once."""

    def broken(_: Post) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    house.carrier.ours = {SUBSCRIBE: broken}
    waiting = house.posted(SUBSCRIBE, email=ADA)
    contact = house.posted()
    for _ in range(3):
        house.carry()
    assert list(back.entries) == [contact.key]
    assert house.left() == [waiting.key]
    assert caplog.text.count("disk I/O error") == 1


def test_a_subscribers_file_that_is_broken_is_opened_when_it_is_whole(house, desk: Desk):
    path = house.home.subscribers
    path.write_bytes(b"no database" * 1000)
    mailing = Mailing(
        lambda: Subscriptions(
            Subscribers(path), desk.ledger, _settings(desk), Port(house.home.root / "apprise")
        )
    )
    house.carrier.ours = mailing.takes
    post = house.posted(SUBSCRIBE, email=ADA)
    house.carry()
    assert house.left() == [post.key]
    path.unlink()
    house.carry()
    assert house.left() == []
    assert person.export(house.home, house.clusters, ADA, has_studio=False)


def _settings(desk: Desk) -> Settings:
    channel = Channel(name="team", url=f"mailto://127.0.0.1:{desk.inbox.port}/team@example.com?mode=insecure")
    return Settings(notify=Notify(channels=[channel]), status_page=StatusPage(mail="team"))
