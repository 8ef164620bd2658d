import time

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from hypothesis import given
from hypothesis import strategies as st

from portico.studio.accounts import configured, sessions

AGENT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0"


def begun(now, *, seen=None):
    return {"began": now, "seen": now if seen is None else seen, "browser": "b"}


@pytest.mark.parametrize(
    ("idle", "verdict"),
    [(5, "kept"), (sessions.RENEWED_S + 1, "renewed"), (configured.IDLE_S + 1, "ended")],
)
def test_an_idle_session_ends(idle, verdict):
    assert sessions.judge(begun(1000.0), "b", 1000.0 + idle) == verdict


def test_a_busy_session_ends_after_a_working_day():
    now = 1000.0 + sessions.LONGEST_S + 1
    assert sessions.judge(begun(1000.0, seen=now - 1), "b", now) == "ended"


def test_a_session_that_was_not_begun_by_a_sign_in_is_none():
    assert sessions.judge({}, "b", 1000.0) == "ended"


@given(st.text(max_size=20))
def test_another_browser_has_no_session(browser):
    assert (sessions.judge(begun(1.0), browser, 2.0) == "ended") == (browser != "b")


def test_a_browsers_update_ends_nothing_and_another_browser_does():
    assert sessions.fingerprint(AGENT) == sessions.fingerprint(AGENT.replace("142.0.0.0", "143.0.1.2"))
    assert sessions.fingerprint(AGENT) != sessions.fingerprint(AGENT.replace("Chrome", "Firefox"))


def test_a_stolen_cookie_opens_nothing_elsewhere(studio, publisher):
    assert publisher.get("/studio/").status_code == 200
    answer = publisher.get("/studio/", headers={"user-agent": AGENT})
    assert answer.status_code == 302
    assert publisher.get("/studio/").status_code == 302  # the session is gone, not only refused


def test_being_seen_is_written_down_now_and_then(studio, publisher):
    session = publisher.session
    session[sessions.SEEN] = time.time() - sessions.RENEWED_S - 5
    session.save()
    publisher.get("/studio/")
    assert publisher.session[sessions.SEEN] > time.time() - 60


def test_who_is_locked_out_is_out_at_once(studio, publisher):
    get_user_model().objects.filter(username="paula").update(is_active=False)
    assert publisher.get("/studio/").status_code == 302
    assert Session.objects.exists()
