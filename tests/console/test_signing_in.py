import re
import stat
from urllib.parse import quote

import pyotp
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from portico.console.pages import table
from portico.console.security import begun, codes
from portico.kit.errors import PorticoError
from portico.operators import accounts, invitations, pending, sessions, totp
from portico.operators.operator import Role
from support import operators_made
from support.doors import Console, press, token
from support.operators_made import ORIGIN, PASSWORD


@pytest.fixture
def console(tmp_path):
    return Console(tmp_path)


def test_whoever_is_not_signed_in_sees_the_sign_in_page_only(console):
    client = console.browser()
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F")
    assert "portico user add" in client.get("/sign-in").text


@pytest.mark.parametrize("path", ["/account", "/account/app", "/prove"])
def test_ones_own_account_is_for_oneself(console, path):
    answer = console.browser().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={quote(path, '')}")


def test_a_link_leads_through_the_door_to_what_it_shows(console):
    answer = console.browser().get("/events?kind=publish.live&span=6h")
    assert answer.headers["location"] == "/sign-in?next=%2Fevents%3Fkind%3Dpublish.live%26span%3D6h"


def test_password_and_code_open_the_console(console):
    secret = operators_made.with_password(console.book)
    client = console.browser()
    answer = console.sign_in(client, secret, name="Ada ", on="/sign-in?next=/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/").status_code == 200
    assert console.events("signed-in") == [("ada", {"means": "password and code", "address": "testclient"})]


def test_a_password_alone_opens_nothing(console):
    secret = operators_made.with_password(console.book)
    client = console.browser()
    console.sign_in(client, secret, code="")
    assert "is wrong" in client.get("/sign-in").text
    assert client.get("/").status_code == 303


def test_a_code_counts_once(console):
    secret = operators_made.with_password(console.book)
    assert console.sign_in(console.browser(), secret).headers["location"] == "/"
    again = console.browser()
    console.sign_in(again, secret)
    assert again.get("/").status_code == 303
    console.at += 60
    console.sign_in(again, secret)
    assert again.get("/").status_code == 200


def test_nobody_is_told_whether_a_name_exists(console):
    operators_made.with_password(console.book)
    told = []
    for name in ("ada", "nobody"):
        client = console.browser()
        console.sign_in(client, "A" * 32, name=name, password="not the one", code="123456")
        told.append(re.findall(r'role="alert">.*?</p>', client.get("/sign-in").text, re.DOTALL))
    assert told[0] == told[1] != []
    assert [name for name, _ in console.events("refused")] == ["ada", ""], "a typed name may be a password"


def test_guessing_is_stopped_for_the_guesser_and_a_while(console):
    secret = operators_made.with_password(console.book)
    client = console.browser()
    for _ in range(5):
        console.sign_in(client, secret, password="wrong")
    console.sign_in(client, secret)
    assert "Too many wrong ones" in client.get("/sign-in").text
    assert console.events("refused")[-1][1]["waits_s"] == 900
    console.at += 901
    console.sign_in(client, secret)
    assert client.get("/").status_code == 200


def test_a_form_of_another_page_is_refused(console):
    secret = operators_made.with_password(console.book)
    client = console.browser()
    console.sign_in(client, secret)
    mine = token(client.get("/account"))
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        answer = client.post("/sign-out", data={"_token": mine}, headers=headers)
        assert answer.status_code == 403, headers
    assert client.post("/sign-out", data={"_token": "0" * 64}).status_code == 403
    assert client.get("/").status_code == 200
    assert client.post("/sign-out", data={"_token": mine}).status_code == 303
    assert client.get("/").status_code == 303


def test_another_sessions_token_is_worth_nothing(console):
    secret = operators_made.with_password(console.book)
    first, second = console.browser(), console.browser()
    console.sign_in(first, secret)
    console.at += 60
    console.sign_in(second, secret)
    assert second.post("/sign-out", data={"_token": token(first.get("/account"))}).status_code == 403


def test_a_foreign_name_that_points_here_is_not_answered(console):
    client = console.browser()
    assert client.get("/sign-in", headers={"host": "["}).status_code == 421
    assert client.get("/sign-in", headers={"host": "evil.example"}).status_code == 421
    assert client.get("/-/live", headers={"host": "evil.example"}).status_code == 200


def test_a_session_ends_when_it_is_idle_or_old_or_elsewhere(console):
    person = operators_made.signed_in(console.book, agent="Mozilla/5.0 (X11) Firefox/130.0")
    client = console.browser()
    client.cookies.set(*person.cookie)
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"user-agent": "Mozilla/5.0 (X11) Firefox/131.1"}).status_code == 200
    assert client.get("/", headers={"user-agent": "curl/8"}).status_code == 303
    for _ in range(7):
        console.at += 6000
        assert client.get("/").status_code == 200
    console.at += 1500
    assert client.get("/").status_code == 303, "a working day is over"

    client.cookies.set(*operators_made.signed_in(console.book, agent=client.headers["user-agent"]).cookie)
    console.at += 7300
    assert client.get("/").status_code == 303, "nobody was there for two hours"


@pytest.mark.parametrize("path", ["/live/incidents", "/data/series"])
def test_a_page_that_stays_open_is_no_sign_of_a_person(console, path):
    person = operators_made.signed_in(console.book)
    raw = [(name.encode(), value.encode()) for name, value in person.headers.items()]
    looking = {"type": "http", "method": "GET", "query_string": b"", "headers": raw}
    for _ in range(2):
        console.at += 3700
        who = console.gate.who(Request({**looking, "path": path}))
    assert who is None


def dangerous():
    """The address of each button that is dangerous, or for operators alone."""
    return [re.sub(r"{.*?}", "1", one.path) for one in table.BUTTONS if one.role >= Role.OPERATOR]


def test_who_may_only_look_presses_nothing(console):
    person = operators_made.signed_in(console.book, Role.VIEWER)
    client = console.browser(person.agent)
    client.cookies.set(*person.cookie)
    mine = token(client.get("/account"))
    assert {client.post(path, data={"_token": mine}).status_code for path in dangerous()} == {403}


def test_whose_role_was_taken_presses_nothing_from_then_on(console):
    person = operators_made.signed_in(console.book, Role.OPERATOR)
    client = console.browser(person.agent)
    client.cookies.set(*person.cookie)
    mine = token(client.get("/account"))
    accounts.give_role(console.book, person.name, Role.VIEWER, by="root")
    assert {client.post(path, data={"_token": mine}).status_code for path in dangerous()} == {403}


def test_what_is_dangerous_asks_again_who_it_is(console):
    person = operators_made.signed_in(console.book, Role.ADMIN)
    client = console.browser(person.agent)
    client.cookies.set(*person.cookie)
    mine = token(client.get("/account"))
    console.at += 16 * 60
    pressed = [re.sub(r"{.*?}", "1", one.path) for one in table.BUTTONS if one.dangerous]
    headers = {"referer": f"{ORIGIN}/incidents/7"}
    answers = [client.post(path, data={"_token": mine}, headers=headers) for path in pressed]
    assert {answer.headers["location"] for answer in answers} == {"/prove?next=%2Fincidents%2F7"}
    assert not console.ledger.open_orders()


def test_an_invitation_leads_to_a_password_an_app_and_the_console(console):
    accounts.add(console.book, "ada", Role.ADMIN, by="root")
    link = f"/invitation/{invitations.make(console.book, 'ada', by='root')}"
    client = console.browser()
    assert "You are <strong>ada</strong>" in client.get(link).text
    assert press(client, link, link).headers["location"] == "/account"
    assert client.get("/").status_code == 303, "an invitation opens one's own account alone"
    assert client.get("/sign-in").headers["location"] == "/account"

    press(client, "/account/password", "/account", password="short", again="short")
    assert "At least 12 characters" in client.get("/account").text
    press(client, "/account/password", "/account", password=PASSWORD, again=PASSWORD)
    assert client.get("/").status_code == 303, "and a password isn't enough"

    secret = re.search(r"<code>([A-Z2-7]{32})</code>", client.get("/account/app").text)[1]
    shown = press(client, "/account/app", "/account/app", code=pyotp.TOTP(secret).at(console.at))
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", client.get(shown.headers["location"]).text)
    assert len(set(codes)) == 10
    assert client.get("/").status_code == 200
    assert "was used" in console.browser().get(link).text

    later = console.browser()
    console.sign_in(later, secret, code=codes[3])
    assert later.get("/").status_code == 200
    once = console.browser()
    console.sign_in(once, secret, code=codes[3])
    assert once.get("/").status_code == 303
    chain = "".join(str(event) for event in console.ledger.events())
    assert not any(kept in chain for kept in (PASSWORD, secret, *codes)), "no secret reaches the ledger"


def invited(console, client):
    """Ada, who is there already, in a browser where she followed an invitation."""
    link = f"/invitation/{invitations.make(console.book, 'ada', by='root')}"
    press(client, link, link)


def test_whoever_came_by_an_invitation_is_out_when_a_new_one_is_made(console):
    accounts.add(console.book, "ada", Role.ADMIN, by="root")
    first = console.browser()
    invited(console, first)
    assert first.get("/account").status_code == 200
    invited(console, console.browser())
    assert first.get("/account").status_code == 303


def test_an_invitation_changes_nothing_of_somebody_who_came_already(console):
    secret = operators_made.with_password(console.book)
    client = console.browser()
    invited(console, client)
    answer = press(client, "/account/password", "/account", password="x" * 12, again="x" * 12)
    assert answer.headers["location"] == "/prove?next=%2Faccount"
    assert press(client, "/passkey/add/begin", "/account").status_code == 403
    proof = {"password": PASSWORD, "code": pyotp.TOTP(secret).at(console.at), "next": "/account"}
    press(client, "/prove", "/prove?next=/account", **proof)
    assert client.get("/").status_code == 200, "who proves it is signed in"


def test_whoever_takes_long_from_password_to_app_proves_the_password(console):
    accounts.add(console.book, "ada", Role.ADMIN, by="root")
    client = console.browser()
    invited(console, client)
    press(client, "/account/password", "/account", password=PASSWORD, again=PASSWORD)
    console.at += 16 * 60
    assert client.get("/account/app").headers["location"] == "/prove?next=%2Faccount%2Fapp"
    press(client, "/prove", "/prove?next=/account/app", password=PASSWORD, next="/account/app")
    assert client.get("/account/app").status_code == 200
    assert client.get("/").status_code == 303, "and a password isn't enough"


def test_the_first_way_in_ends_what_else_was_open(console):
    accounts.add(console.book, "ada", Role.ADMIN, by="root")
    client = console.browser()
    invited(console, client)
    press(client, "/account/password", "/account", password=PASSWORD, again=PASSWORD)
    other = operators_made.signed_in(console.book, name="ada")
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", client.get("/account/app").text)[1]
    press(client, "/account/app", "/account/app", code=pyotp.TOTP(secret).at(console.at))
    elsewhere = console.browser(other.agent)
    elsewhere.cookies.set(*other.cookie)
    assert (client.get("/").status_code, elsewhere.get("/").status_code) == (200, 303)


def test_an_invitation_has_its_time(console):
    accounts.add(console.book, "ada", Role.VIEWER, by="root")
    link = f"/invitation/{invitations.make(console.book, 'ada', by='root')}"
    console.at += 24 * 3600 + 1
    assert "had its time" in console.browser().get(link).text


def test_changes_of_the_account_ask_who_it_is(console):
    secret = operators_made.with_password(console.book)
    client = console.browser()
    console.sign_in(client, secret)
    console.at += 16 * 60
    answer = press(client, "/account/recovery-codes", "/account")
    assert answer.headers["location"] == "/prove?next=%2Faccount"
    proof = {"password": PASSWORD, "code": pyotp.TOTP(secret).at(console.at), "next": "/account"}
    assert press(client, "/prove", "/prove?next=/account", **proof).headers["location"] == "/account"
    made = press(client, "/account/recovery-codes", "/account")
    assert (made.status_code, made.headers["location"]) == (303, "/account/recovery-codes")


def test_recovery_codes_stay_the_same_while_they_are_written_down(console):
    secret = operators_made.with_password(console.book)
    client, other = console.browser(), console.browser()
    console.sign_in(client, secret)
    console.at += 60
    console.sign_in(other, secret)
    press(client, "/account/recovery-codes", "/account")
    shown = [re.findall(r"<li><code>([^<]+)", client.get("/account/recovery-codes").text) for _ in range(2)]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 10
    assert other.get("/account/recovery-codes").headers["location"] == "/account"
    assert "ten minutes" in other.get("/account").text
    assert totp.use_recovery(console.book, "ada", shown[0][0])


def test_recovery_codes_are_shown_for_ten_minutes():
    now = [0.0]
    kept = codes.Codes(lambda: now[0])
    kept.keep("one", ["a", "b"])
    assert (kept.of("one"), kept.of("two")) == (["a", "b"], ())
    now[0] = codes.KEPT_S
    assert kept.of("one") == ()


def test_signing_in_again_ends_what_was_open_in_that_browser(console):
    secret = operators_made.with_password(console.book)
    client = console.browser()
    console.sign_in(client, secret)
    before = dict(client.cookies)
    page, console.at = client.get("/account"), console.at + 60
    fields = {"name": "ada", "password": PASSWORD, "code": pyotp.TOTP(secret).at(console.at)}
    client.post("/sign-in", data={"_token": token(page), **fields})
    assert len(sessions.of(console.book, "ada")) == 1
    left = console.browser()
    left.cookies.update(before)
    assert (client.get("/").status_code, left.get("/").status_code) == (200, 303)


def test_one_network_pushes_out_nobody_elses_beginning(console):
    client = console.browser()
    answers = [press(client, "/passkey/sign-in/begin", "/sign-in") for _ in range(begun.SHARE + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].json() == {"trouble": begun.ENOUGH}


def test_whoever_began_too_much_may_go_on_when_that_is_over():
    now = [0.0]
    counted = begun.Begun(lambda: now[0])
    for _ in range(begun.SHARE):
        counted.count("2001:db8::1")
    counted.count("192.0.2.1")
    with pytest.raises(PorticoError, match="not finished"):
        counted.count("2001:db8::2")
    now[0] = pending.LASTS_S
    counted.count("2001:db8::2")


def test_the_last_second_factor_stays(console):
    secret = operators_made.with_password(console.book)
    client = console.browser()
    console.sign_in(client, secret)
    press(client, "/account/app/remove", "/account")
    assert "last second factor" in client.get("/account").text
    assert accounts.get(console.book, "ada").totp


def test_one_signs_out_everywhere_else(console):
    secret = operators_made.with_password(console.book)
    first, second = console.browser(), console.browser()
    console.sign_in(first, secret)
    console.at += 60
    console.sign_in(second, secret)
    press(second, "/account/sessions/end-others", "/account")
    assert (first.get("/").status_code, second.get("/").status_code) == (303, 200)


def test_where_it_is_told_so_a_password_is_enough(tmp_path):
    console = Console(tmp_path, second_factor="false")
    operators_made.with_password(console.book)
    console.book.put("UPDATE operators SET totp = NULL")
    client = console.browser()
    console.sign_in(client, "A" * 32, code="")
    assert client.get("/").status_code == 200


def test_every_answer_carries_the_headers(console):
    client = console.browser()
    for path in ("/sign-in", "/nothing-here", "/"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers


def test_behind_https_cookies_are_held_to_that_host(tmp_path):
    console = Console(tmp_path, address="'https://console.example.com'")
    client = TestClient(console.app, base_url="https://console.example.com", follow_redirects=False)
    answer = client.get("/sign-in")
    assert answer.headers["set-cookie"].startswith("__Host-console-visit=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers
    refused = client.post("/sign-in", data={"_token": token(answer), "name": "ada"})
    assert refused.headers["set-cookie"].startswith("__Host-console-said=")


def test_the_book_is_for_its_owner_alone(console):
    assert stat.S_IMODE(console.desk.home.operators.stat().st_mode) == 0o600
