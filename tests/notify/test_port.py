"""Messages go out to real servers; what comes back is nothing, or the reason without a secret in it."""

import io
import logging
import socket
from urllib.parse import urlencode

import pytest

from portico.config.responding import Channel
from portico.model import Severity
from portico.notify import mail
from portico.notify.message import Link, Message
from portico.notify.port import Port
from support import inboxes, servicestandins

SECRET = "tok3n-0f-the-team"
MESSAGE = Message(
    "portico-abc-1",
    "portico-abc-i7",
    "Critical: Cluster a is down",
    "Cluster a is down\nIncident 7\n\nWhat is wrong:\n- much <b>&</b> more",
    Severity.CRITICAL,
    (Link("Acknowledge", "https://ops.example.com/a/tok"),),
)
OVER = Message(
    "portico-abc-2", "portico-abc-i7", "Over: Cluster a is down", "It is.", Severity.CRITICAL, over=True
)


@pytest.fixture
def port(tmp_path):
    return Port(tmp_path / "apprise")


@pytest.fixture
def hook():
    with inboxes.hook() as opened:
        yield opened


@pytest.fixture
def mails():
    with inboxes.mails() as opened:
        yield opened


def channel(url, **more):
    return Channel(name="team", url=url, **more)


def mail_url(mails, more=""):
    return f"mailto://127.0.0.1:{mails.port}?from=portico@example.com&to=ops@example.com{more}"


# mail


def test_a_mail_is_plain_text_with_the_links_to_press(port, mails):
    assert port.send(channel(mail_url(mails)), MESSAGE) is None
    (mail,) = mails.got
    assert mail["subject"] == "Critical: Cluster a is down"
    assert (mail["from"], mail["to"]) == ("portico@example.com", "ops@example.com")
    assert mail.get_content_type() == "text/plain"
    assert "much <b>&</b> more" in mail.get_content()
    assert "Acknowledge:\r\nhttps://ops.example.com/a/tok\r\n" in mail.get_content()
    assert mail["auto-submitted"] == "auto-generated"


def test_a_mail_that_is_sent_again_has_the_same_id_and_all_of_an_incident_one_thread(port, mails):
    for message in (MESSAGE, MESSAGE, OVER):
        port.send(channel(mail_url(mails)), message)
    ids = [mail.get_all("message-id") for mail in mails.got]
    assert ids == [["<portico-abc-1@example.com>"]] * 2 + [["<portico-abc-2@example.com>"]]
    assert {mail["references"] for mail in mails.got} == {"<portico-abc-i7@example.com>"}


def test_each_receiver_gets_a_mail(port, mails):
    port.send(channel(mail_url(mails, ",boss@example.com&cc=web@example.com")), MESSAGE)
    assert [(mail["to"], mail["cc"]) for mail in mails.got] == [
        ("ops@example.com", "web@example.com"),
        ("boss@example.com", "web@example.com"),
    ]


def test_letters_of_any_script_arrive(port, mails):
    message = Message("id-1", "t", "Größe überschritten 🔥", "Zu groß: 大きすぎる", Severity.WARNING)
    assert port.send(channel(mail_url(mails)), message) is None
    assert mails.got[0]["subject"] == "Größe überschritten 🔥"
    assert "大きすぎる" in mails.got[0].get_content()


def test_what_the_server_is_too_busy_for_may_be_tried_again_and_what_it_refuses_not(port, mails):
    mails.answers += ["451 busy", "554 no spam"]
    busy, refused = (port.send(channel(mail_url(mails)), MESSAGE) for _ in range(2))
    assert (busy.reason, busy.temporary) == ("the server answered 451", True)
    assert (refused.reason, refused.temporary) == ("the server answered 554", False)


def test_a_receiver_that_is_refused_is_told(port, mails):
    mails.refused["ops@example.com"] = "550 nobody here"
    failure = port.send(channel(mail_url(mails)), MESSAGE)
    assert failure.reason == "the receiver ops@example.com was refused with 550"
    assert not failure.temporary


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_login_is_made_and_a_wrong_password_is_told_without_it(port):
    with inboxes.mails(password=SECRET) as mails:
        good, wrong = (
            f"mailto://portico:{password}@127.0.0.1:{mails.port}?from=portico@example.com&to=ops@example.com"
            for password in (SECRET, f"{SECRET}-x")
        )
        assert port.send(channel(good), MESSAGE) is None
        failure = port.send(channel(wrong), MESSAGE)
    assert failure.reason == "the server refused the login with 535"
    assert not failure.temporary


def test_a_mail_server_that_is_not_there_may_be_tried_again(port, mails):
    failure = port.send(channel("mailto://127.0.0.1:1?from=a@example.com&to=b@example.com"), MESSAGE)
    assert failure.reason == "127.0.0.1 could not be reached: Connection refused"
    assert failure.temporary


def test_a_mail_server_that_says_nothing_is_given_up(port, monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"mailto://127.0.0.1:{silent.getsockname()[1]}?from=a@example.com&to=b@example.com"
        failure = port.send(channel(url), MESSAGE)
    assert (failure.reason, failure.temporary) == ("the server closed the connection or gave no answer", True)


def test_a_server_without_the_encryption_that_was_asked_for_gets_no_mail(port, mails):
    failure = port.send(channel(mail_url(mails).replace("mailto:", "mailtos:")), MESSAGE)
    assert not failure.temporary
    assert mails.got == []


# webhooks


def test_a_webhook_gets_all_of_it_as_values(port, hook):
    assert port.send(channel(f"json://127.0.0.1:{hook.port}/x"), MESSAGE) is None
    (got,) = hook.got
    assert {name: got[name] for name in ("id", "thread", "title", "severity", "type", "over", "link")} == {
        "id": "portico-abc-1",
        "thread": "portico-abc-i7",
        "title": "Critical: Cluster a is down",
        "severity": "critical",
        "type": "failure",
        "over": "no",
        "link": "https://ops.example.com/a/tok",
    }
    assert got["message"] == MESSAGE.text


def test_a_webhook_hears_that_it_is_over(port, hook):
    port.send(channel(f"json://127.0.0.1:{hook.port}"), OVER)
    assert (hook.got[0]["type"], hook.got[0]["over"]) == ("success", "yes")


def test_what_an_address_says_itself_holds(port, hook):
    port.send(channel(f"json://127.0.0.1:{hook.port}/?:id=mine&+X-Team=web"), MESSAGE)
    assert hook.got[0]["id"] == "mine"
    assert hook.asked[0][2]["X-Team"] == "web"


@pytest.mark.parametrize(
    ("status", "temporary"), [(500, True), (503, True), (429, True), (408, True), (401, False), (404, False)]
)
def test_an_error_of_a_webhook_says_whether_to_try_again(port, hook, status, temporary):
    hook.answers.append(status)
    failure = port.send(channel(f"json://127.0.0.1:{hook.port}"), MESSAGE)
    assert (failure.reason, failure.temporary) == (f"the service answered {status}", temporary)


def test_a_redirect_is_not_followed(port, hook):
    hook.answers.append(302)
    assert port.send(channel(f"json://127.0.0.1:{hook.port}"), MESSAGE).reason == "the service answered 302"
    assert len(hook.asked) == 1


def test_a_webhook_that_is_not_there_may_be_tried_again(port):
    failure = port.send(channel("json://127.0.0.1:1/"), MESSAGE)
    assert (failure.reason, failure.temporary) == ("the service could not be reached", True)


# addresses


def test_an_address_in_a_file_is_read_anew_each_time(port, hook, tmp_path):
    file = tmp_path / "hook.url"
    known = Channel(name="team", url_file=file)
    missing = port.send(known, MESSAGE)
    assert missing.temporary
    assert missing.reason == f"{file} can't be read: No such file or directory"
    file.write_text("\n")
    assert port.send(known, MESSAGE).reason == f"{file} is empty, expected an address"
    file.write_text(f"json://127.0.0.1:{hook.port}\n")
    assert port.send(known, MESSAGE) is None


@pytest.mark.parametrize(
    "url", [f"nosuch://{SECRET}", SECRET, f"mailto://{SECRET}", f"slack://{SECRET}", "json://"]
)
def test_an_address_that_nobody_knows_is_told_without_it(port, url, capfd):
    failure = port.send(channel(url), MESSAGE)
    assert failure is not None
    assert not failure.temporary
    assert port.check(channel(url)) == failure.reason
    assert SECRET not in failure.reason + "".join(capfd.readouterr())


SECRETS = [
    f"json://portico:{SECRET}@127.0.0.1:1/",
    f"json://127.0.0.1:1/{SECRET}?-key={SECRET}",
    f"mailto://portico:{SECRET}@127.0.0.1:1?from=a@example.com&to=b@example.com",
    f"mailto://portico:{SECRET}%21@127.0.0.1:1?from=a@example.com&to=b@example.com",
    f"gotify://127.0.0.1:1/{SECRET}",
    f"mmost://127.0.0.1:1/{SECRET}",
    f"pagerduty://integrationkey12@{SECRET}",
    f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET.replace('-', '')}",
]


@pytest.fixture
def logged():
    """What a process logs whose root logger takes everything."""
    said, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(said), root.level
    root.addHandler(handler)
    root.setLevel(1)
    yield said
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("url", SECRETS)
def test_no_failure_and_no_log_holds_a_secret(port, url, capfd, logged, monkeypatch):
    servicestandins.pointed_at("http://127.0.0.1:1", monkeypatch)
    failure = port.send(channel(url), MESSAGE)
    assert failure is not None
    said = failure.reason + repr(failure) + repr(channel(url)) + "".join(capfd.readouterr())
    assert SECRET not in said + logged.getvalue()


# services that can't be reached from a test, by stand-ins that take their own requests


@pytest.fixture
def stand_in(hook, monkeypatch):
    return servicestandins.pointed_at(f"http://127.0.0.1:{hook.port}", monkeypatch)


def test_slack_gets_text_that_it_does_not_take_for_markup(port, hook, stand_in):
    hook.body = b"ok"
    assert port.send(channel("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7/#ops"), MESSAGE) is None
    assert hook.asked[0][1] == "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7"
    (got,) = hook.got
    (said,) = got["attachments"]
    assert got["channel"] == "#ops"
    assert said["title"] == MESSAGE.title
    assert "much &lt;b&gt;&amp;&lt;/b&gt; more" in said["text"]
    assert "https://ops.example.com/a/tok" in said["text"]


def test_pagerduty_opens_and_resolves_under_one_key(port, hook, stand_in):
    url = "pagerduty://integrationkey12@apikey34"
    for message in (MESSAGE, MESSAGE, OVER):
        hook.answers.append(202)
        assert port.send(channel(url), message) is None
    opened, again, over = hook.got
    assert opened == again
    assert (opened["event_action"], opened["dedup_key"]) == ("trigger", "portico-abc-i7")
    assert opened["payload"]["severity"] == "critical"
    assert "Cluster a is down" in opened["payload"]["summary"]
    assert opened["links"] == [{"href": "https://ops.example.com/a/tok"}]
    assert (over["event_action"], over["dedup_key"]) == ("resolve", "portico-abc-i7")


def test_opsgenie_closes_what_it_opened_also_after_a_restart(tmp_path, monkeypatch):
    with inboxes.hook(b'{"requestId": "r-1", "result": "ok"}') as hook:
        servicestandins.pointed_at(f"http://127.0.0.1:{hook.port}", monkeypatch)
        url = "opsgenie://abcdef123456/#web"
        assert Port(tmp_path / "apprise").send(channel(url), MESSAGE) is None
        assert Port(tmp_path / "apprise").send(channel(url), OVER) is None
    opened = hook.got[0]
    assert (opened["message"], opened["alias"]) == (MESSAGE.title, "portico-abc-i7")
    assert [path for _, path, _ in hook.asked] == ["/v2/alerts", "/v2/alerts/r-1/close?identifierType=id"]


def test_a_phone_gets_the_least_that_helps(port, hook, stand_in):
    url = f"twilio://AC{'a' * 32}:{'b' * 32}@15555550100/15555550199"
    hook.answers.append(201)
    failure = port.send(channel(url), MESSAGE)
    assert failure is None
    assert hook.asked[0][1] == f"/2010-04-01/Accounts/AC{'a' * 32}/Messages.json"
    assert hook.got == [{"raw": urlencode({"Body": PHONE, "From": "+15555550100", "To": "+15555550199"})}]


PHONE = "Critical: Cluster a is down\r\nIncident 7\nAcknowledge: https://ops.example.com/a/tok"


def test_teams_gets_a_card(port, tmp_path, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "standin.pem"))
    with servicestandins.https(tmp_path) as server:
        url = f"workflows://127.0.0.1:{server.port}/0123456789abcdef/signature/"
        assert port.send(channel(url), MESSAGE) is None
    (got,) = server.got
    card = got["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard"
    assert MESSAGE.title in str(card)
    assert "[Acknowledge](https://ops.example.com/a/tok)" in str(card)
    assert "much \\<b\\>&\\</b\\> more" in card["body"][-1]["text"]
