"""A real browser with a virtual authenticator: the one proof that scripts, policy and server agree."""

import pytest

from support import browsing

pytestmark = pytest.mark.timeout(300)
PASSWORD = "correct horse battery"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def browser_page():
    with browsing.chromium() as browser:
        page = browser.new_page(viewport=browsing.PHONE)
        page.set_default_timeout(browsing.PATIENCE_MS)
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield page


def test_a_link_a_password_and_a_passkey_that_then_signs_in_by_itself(live_studio, browser_page):
    page, complaints = browser_page, []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    status, invited = live_studio.ask("POST", "/invite", {})
    assert status == 200
    page.goto(invited["url"])
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    page.click("text=Save and go on")
    page.click("text=Add a passkey")
    page.wait_for_url("**/webauthn/add/**")  # loaded: its script hears the button
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    page.goto(f"{live_studio.url}studio/pages/")
    assert page.url == f"{live_studio.url}studio/pages/"

    page.context.clear_cookies()
    page.goto(f"{live_studio.url}studio/pages/")
    page.click("#passkey_login")
    page.wait_for_url("**/studio/pages/")
    assert complaints == []
