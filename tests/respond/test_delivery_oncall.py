"""Who is on call, read from calendars as people's programs write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from portico.respond.delivery.oncall import Rota

BERLIN = ZoneInfo("Europe/Berlin")
CHANNELS = ("team", "anna", "bob", "boss")
WEEKLY = """\
BEGIN:VEVENT
UID:1@example.com
DTSTART;TZID=Europe/Berlin:20260105T090000
DTEND;TZID=Europe/Berlin:20260112T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
EXDATE;TZID=Europe/Berlin:20260202T090000
SUMMARY:On call: Anna
END:VEVENT
BEGIN:VEVENT
UID:2@example.com
DTSTART;TZID=Europe/Berlin:20260112T090000
DTEND;TZID=Europe/Berlin:20260119T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
SUMMARY:On call: bob
END:VEVENT
"""


def calendar(events):
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//EN\n{events}END:VCALENDAR\n"
    return text.replace("\n", "\r\n")


def event(summary="anna", start="20260105T080000Z", end="20260105T180000Z", more=""):
    named = f"BEGIN:VEVENT\nUID:{summary}-{start}@x\nSUMMARY:{summary}\n"
    return f"{named}DTSTART:{start}\nDTEND:{end}\n{more}END:VEVENT\n"


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


@pytest.fixture
def rota(tmp_path):
    def make(events):
        (tmp_path / "oncall.ics").write_text(calendar(events), newline="")
        return Rota(tmp_path / "oncall.ics", CHANNELS, BERLIN)

    return make


def test_a_rule_of_repetition_says_whose_week_it_is_and_who_is_next(rota):
    duty = rota(WEEKLY).at(at("2026-01-20T12:00"))
    assert duty.channels == ("anna",)
    assert [shift.channels for shift in duty.next] == [("bob",)]
    assert duty.next[0].start == at("2026-01-26T09:00")
    assert duty.named == {"anna", "bob"}


@pytest.mark.parametrize(
    ("moment", "who"),
    [
        ("2026-01-12T08:59:59", ("anna",)),
        ("2026-01-12T09:00:00", ("bob",)),
        ("2026-06-30T12:00", ("bob",)),
        ("2026-03-30T08:59:59", ("bob",)),  # the hands of the clock were moved the night before
        ("2026-03-30T09:00:00", ("anna",)),
        ("2026-02-03T12:00", ()),  # excepted
        ("2025-12-24T12:00", ()),
    ],
)
def test_a_turn_begins_and_ends_by_the_wall_clock_of_its_zone(rota, moment, who):
    assert rota(WEEKLY).at(at(moment)).channels == who


def test_turns_that_overlap_call_both(rota):
    both = rota(event("anna") + event("bob", "20260105T170000Z", "20260106T080000Z"))
    assert both.at(at("2026-01-05T17:30", ZoneInfo("UTC"))).channels == ("anna", "bob")


def test_one_event_may_name_several(rota):
    assert rota(event("anna and boss")).at(at("2026-01-05T12:00")).channels == ("anna", "boss")


@pytest.mark.parametrize(
    "attendee",
    [
        "ATTENDEE:mailto:bob@example.com\n",
        "ATTENDEE;CN=Bob:mailto:b.smith@example.com\n",
        'ATTENDEE;CN="Bob Smith";ROLE=CHAIR:MAILTO:b.smith@example.com\n',
        "ATTENDEE:mailto:nobody@example.com\nATTENDEE:mailto:BOB@example.com\n",
    ],
)
def test_who_is_invited_is_on_call(rota, attendee):
    assert rota(event("Rota", more=attendee)).at(at("2026-01-05T12:00")).channels == ("bob",)


def test_a_name_is_a_whole_word(rota):
    assert rota(event("bobby, joanna")).at(at("2026-01-05T12:00")).channels == ()


def test_days_and_times_without_a_zone_are_meant_in_that_of_the_settings(rota):
    day = (
        "BEGIN:VEVENT\nUID:d@x\nDTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260106\nSUMMARY:anna\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:f@x\nDTSTART:20260106T100000\nDTEND:20260106T120000\nSUMMARY:bob\nEND:VEVENT\n"
    )
    assert rota(day).at(at("2026-01-05T00:00")).channels == ("anna",)
    assert rota(day).at(at("2026-01-05T23:59:59")).channels == ("anna",)
    assert rota(day).at(at("2026-01-06T00:00")).channels == ()
    assert rota(day).at(at("2026-01-06T10:00")).channels == ("bob",)


def test_a_turn_that_was_swapped_or_cancelled_is_so(rota):
    swapped = (
        "BEGIN:VEVENT\nUID:1@example.com\nRECURRENCE-ID;TZID=Europe/Berlin:20260119T090000\n"
        "DTSTART;TZID=Europe/Berlin:20260119T090000\nDTEND;TZID=Europe/Berlin:20260126T090000\n"
        "SUMMARY:On call: boss\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:2@example.com\nRECURRENCE-ID;TZID=Europe/Berlin:20260126T090000\n"
        "DTSTART;TZID=Europe/Berlin:20260126T090000\nDTEND;TZID=Europe/Berlin:20260202T090000\n"
        "SUMMARY:On call: bob\nSTATUS:CANCELLED\nEND:VEVENT\n"
    )
    assert rota(WEEKLY + swapped).at(at("2026-01-20T12:00")).channels == ("boss",)
    assert rota(WEEKLY + swapped).at(at("2026-01-28T12:00")).channels == ()


# a calendar that can't be read


def test_a_calendar_that_vanishes_or_breaks_is_told_and_the_last_good_one_holds(rota, tmp_path):
    file, known = tmp_path / "oncall.ics", rota(WEEKLY)
    now = at("2026-01-20T12:00")
    assert known.at(now).channels == ("anna",)
    assert known.trouble is None
    file.unlink()
    assert known.at(now + 60).channels == ("anna",)
    assert known.trouble == f"{file}: can't be read: No such file or directory"
    file.write_text("<html>please log in</html>")
    assert known.at(now + 120).channels == ("anna",)
    assert known.trouble.startswith(f"{file}: expected iCal: ")
    file.write_text(calendar(event("boss", "20260120T000000Z", "20260121T000000Z", "RRULE:FREQ=NEVER\n")))
    assert known.at(now + 180).channels == ("anna",)
    assert known.trouble.startswith(f"{file}: expected iCal: ")
    assert known.at(at("2026-01-27T12:00")).channels == ("bob",)
    file.write_text(calendar(event("boss", "20260127T000000Z", "20260128T000000Z")))
    assert known.at(at("2026-01-27T13:00")).channels == ("boss",)
    assert known.trouble is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        calendar(event())[:-40].encode(),
        calendar(event(start="nonsense")).encode(),
        calendar(event(more="RRULE:FREQ=SOMETIMES\n")).encode(),
        calendar("BEGIN:VEVENT\nUID:1\nSUMMARY:anna\nEND:VEVENT\n").encode(),
    ],
)
def test_a_broken_calendar_ends_nothing_and_is_told(tmp_path, data):
    file = tmp_path / "oncall.ics"
    file.write_bytes(data)
    known = Rota(file, CHANNELS, BERLIN)
    assert known.at(at("2026-01-05T12:00")).channels == ()
    assert known.trouble is not None
    assert "\n" not in known.trouble


def test_an_event_that_names_nobody_is_told(rota):
    known = rota(event("Carla"))
    assert known.at(at("2026-01-05T12:00")).channels == ()
    assert known.trouble == "the event 'Carla' names no channel, expected one of team, anna, bob, boss"
    known = rota(event("anna") + event("Carla", "20260108T080000Z", "20260108T180000Z"))
    known.at(at("2026-01-05T12:00"))
    assert "'Carla'" in known.trouble


def test_the_file_is_looked_at_again_after_half_a_minute(rota, tmp_path):
    known = rota(event("anna"))
    now = at("2026-01-05T12:00")
    assert known.at(now).channels == ("anna",)
    (tmp_path / "oncall.ics").write_text(calendar(event("bob")), newline="")
    assert known.at(now + 29).channels == ("anna",)
    assert known.at(now + 30).channels == ("bob",)
