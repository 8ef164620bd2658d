"""Publishing and expiry at the time that was chosen, with a clock that the test holds."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from wagtail.models import Locale, Page, PageLogEntry, Revision

from portico.studio.editing import schedule


class Clock:
    def __init__(self):
        self.now = timezone.now()

    def __call__(self):
        return self.now

    def forward(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def scheduler(clock, monkeypatch):
    """Wagtail asks Django for the time when it publishes: it is the same clock."""
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return schedule.Scheduler(clock)


@pytest.fixture
def plan(add_page, clock):
    def planned(title="Planned", person=None, **times):
        page = add_page(f"{title} before")
        page.title = title
        for name, delay in times.items():
            setattr(page, name, clock.now + delay)
        revision = page.save_revision(user=person)
        revision.publish(user=person)
        return page

    return planned


def title(page):
    return Page.objects.get(pk=page.pk).title


def test_a_page_goes_live_at_its_second_and_not_before(scheduler, plan, clock):
    page = plan(go_live_at=timedelta(seconds=90))
    clock.forward(seconds=89)
    assert scheduler.tick() == 0
    assert title(page) == "Planned before"
    clock.forward(seconds=1)
    assert scheduler.tick() == 1
    assert title(page) == "Planned"
    assert scheduler.tick() == 0


def test_it_sleeps_until_the_next_time_but_never_long(scheduler, plan, clock):
    assert scheduler.nap() == schedule.LONGEST_NAP
    plan(go_live_at=timedelta(milliseconds=400))
    assert 0.3 < scheduler.nap() <= 0.4
    clock.forward(seconds=5)
    assert scheduler.nap() == 0.01


def test_a_page_expires_at_its_second(scheduler, plan, clock):
    page = plan(expire_at=timedelta(seconds=60))
    clock.forward(seconds=59)
    assert scheduler.tick() == 0
    clock.forward(seconds=1)
    assert scheduler.tick() == 1
    page = Page.objects.get(pk=page.pk)
    assert (page.live, page.expired) == (False, True)


def test_after_a_night_down_it_does_what_it_missed_in_the_order_of_its_times(scheduler, plan, clock):
    goes = plan("Goes", expire_at=timedelta(hours=2))
    comes = plan("Comes", go_live_at=timedelta(hours=1))
    clock.forward(hours=9)
    assert scheduler.tick() == 2
    assert not Page.objects.get(pk=goes.pk).live
    assert title(comes) == "Comes"
    done = PageLogEntry.objects.filter(action__endswith=".scheduled").order_by("pk")
    assert [entry.action for entry in done] == ["wagtail.publish.scheduled", "wagtail.unpublish.scheduled"]


def test_what_expired_before_it_could_go_live_is_never_seen(scheduler, plan, clock):
    page = plan(go_live_at=timedelta(hours=1), expire_at=timedelta(hours=2))
    clock.forward(hours=3)
    scheduler.tick()
    page = Page.objects.get(pk=page.pk)
    assert (page.live, page.expired) == (False, True)


def test_one_that_fails_keeps_nobody_else_waiting(scheduler, plan, clock):
    broken, fine = (
        plan("Broken", go_live_at=timedelta(seconds=1)),
        plan("Fine", go_live_at=timedelta(seconds=2)),
    )
    Revision.objects.filter(object_id=str(broken.pk), approved_go_live_at__isnull=False).update(
        content={"pk": "?"}
    )
    clock.forward(seconds=3)
    assert scheduler.tick() == 1
    assert title(fine) == "Fine"


def test_an_alias_in_another_language_comes_and_goes_with_its_page(scheduler, plan, clock, home):
    german = Locale.objects.get_or_create(language_code="de")[0]
    if not home.get_translations().filter(locale=german).exists():
        home.copy_for_translation(german, alias=True)
    page = plan(go_live_at=timedelta(hours=1), expire_at=timedelta(hours=2))
    alias = page.copy_for_translation(german, alias=True)
    clock.forward(hours=1)
    scheduler.tick()
    assert title(alias) == "Planned"
    clock.forward(hours=1)
    scheduler.tick()
    assert not Page.objects.get(pk=alias.pk).live


def test_four_eyes_hold_for_a_schedule_that_was_made_past_them(scheduler, plan, clock, people, settings):
    page = plan(person=people["ada"], go_live_at=timedelta(seconds=5))
    settings.FOUR_EYES = True
    clock.forward(seconds=6)
    scheduler.tick()
    assert title(page) == "Planned before"
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert PageLogEntry.objects.filter(action="studio.schedule.refused", page_id=page.pk).exists()


def test_it_runs_until_it_is_told_to_end(studio):
    ending = threading.Event()
    ending.set()
    schedule.Scheduler().run(ending)


@pytest.mark.parametrize("name", ["go_live_at", "expire_at"])
def test_the_editors_field_keeps_the_second(sign_in, add_page, name):
    page = add_page()
    setattr(page, name, datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC))
    page.save_revision()
    html = sign_in("ada").get(f"/studio/pages/{page.pk}/edit/").content.decode()
    field = re.search(rf'<input [^>]*name="{name}"[^>]*>.*?</script>', html, re.DOTALL)[0]
    assert ':02:01"' in field
    assert '"format": "Y-m-d H:i:s"' in field
