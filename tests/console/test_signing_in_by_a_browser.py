"""A real browser with a virtual authenticator: the one proof that scripts, policy and server agree."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from portico.console.security import gate
from portico.operators import accounts, invitations
from portico.operators.operator import Role
from support import browsing, consoles, operators_made, tlsdoor
from support.operators_made import PASSWORD

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
NAME = "console.example.com"
PHONE, DESKTOP = {"width": 360, "height": 780}, {"width": 1440, "height": 900}


class Screen:
    """A page with an authenticator; what the browser complained of, and what axe finds."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def look(self, folder: Path, name: str) -> None:
        """Pictures of a phone by day and of a desk by night; nothing for axe to find, nothing cut off."""
        for size, light in ((PHONE, "light"), (DESKTOP, "dark")):
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=light)
            self.page.screenshot(path=folder / f"{name}-{size['width']}-{light}.png", full_page=True)
            assert browsing.axe(self.page) == [], (name, light)
            assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, size)


@pytest.fixture(scope="module")
def chromium():
    with browsing.chromium(
        f"--host-resolver-rules=MAP {NAME} 127.0.0.1", "--ignore-certificate-errors"
    ) as one:
        yield one


@pytest.fixture
def screen(chromium):
    with contextlib.closing(chromium.new_context(ignore_https_errors=True)) as context:
        yield Screen(context.new_page())


def press(page: Page, name: str) -> None:
    """A button, a link, or what a detail is opened by."""
    found = page.get_by_role("button", name=name, exact=True)
    found.or_(page.get_by_role("link", name=name, exact=True)).or_(
        page.locator("summary", has_text=name)
    ).click()


def begin(screen: Screen, book, address: str, folder: Path | None = None) -> None:
    """Ada follows her invitation to her account."""
    accounts.add(book, "ada", Role.ADMIN, by="a test")
    screen.page.goto(f"{address}/invitation/{invitations.make(book, 'ada', by='a test')}")
    if folder:
        screen.look(folder, "invitation")
    press(screen.page, "Begin")
    expect(screen.page.get_by_role("heading", name="Your account")).to_be_visible()


def test_an_invitation_a_passkey_and_in_by_it(tmp_path, screen):
    with consoles.told(tmp_path, "empty") as desk:
        door = gate.of(desk)
        with consoles.served(desk, door) as inner:
            address = inner.replace("127.0.0.1", "localhost")
            begin(screen, door.door.book, address, tmp_path)
            page = screen.page
            page.fill("input[name=label]", "my laptop")
            press(page, "Add a passkey")
            expect(page.get_by_text("The passkey is added")).to_be_visible()
            expect(page.get_by_text("my laptop")).to_be_visible()
            screen.look(tmp_path, "account")
            press(page, "Sign out")
            page.goto(f"{address}/")
            screen.look(tmp_path, "sign-in")
            press(page, "Sign in with a passkey")
            page.wait_for_url(f"{address}/")
            page.goto(f"{address}/prove?next=/account")
            screen.look(tmp_path, "prove")
            press(page, "Show it with a passkey")
            page.wait_for_url(f"{address}/account")
            assert screen.complaints == []
            events = [event.kind for event in desk.ledger.events() if event.subject == "ada"]
            assert events == [
                "operator.added",
                "operator.invited",
                "operator.signed-in",
                "operator.factor-added",
                "operator.proven",
                "operator.signed-out",
                "operator.signed-in",
                "operator.proven",
            ]


def test_a_password_an_app_and_codes_on_paper(tmp_path, screen):
    with consoles.told(tmp_path, "empty") as desk:
        door = gate.of(desk)
        with consoles.served(desk, door) as inner:
            begin(screen, door.door.book, inner.replace("127.0.0.1", "localhost"))
            page = screen.page
            page.fill("input[name=password]", PASSWORD)
            page.fill("input[name=again]", PASSWORD)
            press(page, "Choose it")
            press(page, "Set it up")
            press(page, "Type it instead")
            secret = page.locator("details code").inner_text()
            screen.look(tmp_path, "app")
            page.fill("input[name=code]", pyotp.TOTP(secret).at(desk.now))
            press(page, "Use this app")
            expect(page.get_by_text(re.compile(r"^([a-z2-7]{4}-){3}[a-z2-7]{4}$"))).to_have_count(10)
            screen.look(tmp_path, "recovery-codes")
            press(page, "I have them")
            press(page, "Back to the overview")
            assert screen.complaints == []


def test_a_passkey_under_the_consoles_own_name(tmp_path, screen):
    with tlsdoor.standing(NAME, tmp_path) as tls:
        toml = f"[source]\nfolder = 'site'\n[console]\naddress = 'https://{NAME}:{tls.port}/'\n"
        with consoles.told(tmp_path, "empty", toml) as desk:
            door = gate.of(desk)
            with consoles.served(desk, door) as inner:
                tls.leads_to(inner)
                begin(screen, door.door.book, f"https://{NAME}:{tls.port}")
                page = screen.page
                press(page, "Add a passkey")
                expect(page.get_by_text("The passkey is added")).to_be_visible()
                assert [one["name"] for one in page.context.cookies()] == ["__Host-console"]
                press(page, "Sign out")
                press(page, "Sign in with a passkey")
                page.wait_for_url(f"https://{NAME}:{tls.port}/")
                assert screen.complaints == []


def test_under_a_number_the_page_says_where_passkeys_work(tmp_path, screen):
    with consoles.told(tmp_path, "empty") as desk:
        operators_made.with_password(gate.of(desk).door.book)
        with consoles.served(desk, gate.of(desk)) as inner:
            screen.page.goto(f"{inner}/sign-in")
            expect(screen.page.get_by_text("not under a number")).to_be_visible()
