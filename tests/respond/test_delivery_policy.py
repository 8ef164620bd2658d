"""Who is told what, worked out from what is open and what was told."""

from dataclasses import replace

import pytest

from portico.config import load
from portico.ledger.asks import Ask, Question
from portico.ledger.incidents import Incident, Member
from portico.ledger.outbox import Told
from portico.ledger.silences import Silence
from portico.model import Severity
from portico.respond.delivery import joined, policy
from portico.respond.delivery.moment import Moment
from portico.respond.delivery.oncall import Duty, Shift

NOON = 1_779_969_600.0
CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO


def notify(channels="team:warning pager:critical", **more):
    named = [dict(zip(("name", "severity"), each.split(":"), strict=True)) for each in channels.split()]
    values = {"channels": [{**each, "url": "json://x"} for each in named], **more}
    return load.parse({"notify": values}, where="test").notify


def incident(number=1, severity=CRITICAL, opened=NOON, key="cluster-down:a", **data):
    member = Member(key, severity, "It is off.", opened - 10, None, {"cluster": "a"})
    return Incident(number, opened, None, severity, "It is off", "", None, "", data, (member,))


def told(channel, number=1, kind=policy.OPENED, at=NOON, **more):
    values = {"step": 0, "message": number, "thread": f"i{number}", "severity": "critical", "state": "sent"}
    return Told(number, kind, channel=channel, at=at, **{**values, **more})


def moment(*incidents, now=NOON, settings=None, told=(), before=None, **more):
    """`before` are the incidents as they were when they were told."""
    listed = [mark for one in before or incidents for mark in troubles_told(told, one)]
    return Moment(now, settings or notify(), incidents, told=[*listed, *told], **more)


def troubles_told(history, one):
    """With each message goes of which troubles it told."""
    listing = [item for item in history if item.kind not in {policy.ASKED, policy.RESOLVED, policy.JOINED}]
    for item in listing:
        if item.incident == one.id:
            yield from (replace(item, kind=policy.JOINED, step=mark) for mark in joined.marks(one))


def said(*args, **more):
    return [
        (due.channel, due.kind, tuple(one.id for one in due.incidents))
        for due in policy.due(moment(*args, **more))
    ]


# first


def test_an_incident_is_told_to_the_channels_of_its_severity():
    assert said(incident()) == [("team", "opened", (1,)), ("pager", "opened", (1,))]
    assert said(incident(severity=WARNING)) == [("team", "opened", (1,))]
    assert said(incident(severity=INFO)) == []


def test_what_was_told_is_not_told_again():
    assert said(incident(), told=[told("team", state="waiting"), told("pager")]) == []


def test_also_what_failed_for_good_is_not_told_again_by_itself():
    assert said(incident(), told=[told("team", state="failed"), told("pager")]) == []


def test_without_channels_nobody_is_told():
    assert said(incident(), settings=notify("")) == []


def test_that_a_channel_fails_is_told_through_the_others():
    failing = incident(severity=CRITICAL, key="notify-failing:pager")
    assert said(failing) == [("team", "opened", (1,))]


def test_an_incident_that_became_worse_is_told_again_and_to_those_who_only_hear_the_worst():
    told_as_warning = [told("team", severity="warning")]
    assert said(incident(severity=CRITICAL), told=told_as_warning) == [
        ("team", "worse", (1,)),
        ("pager", "opened", (1,)),
    ]
    after = [*told_as_warning, told("team", kind=policy.WORSE, step=2), told("pager")]
    assert said(incident(severity=CRITICAL), told=after) == []


# what joins


def grown(*members, known=None):
    return replace(known or incident(), members=(*incident().members, *members))


def other(key="keeper-down", severity=CRITICAL, seconds=5.0, **more):
    return Member(key, severity, f"{key} is off.", NOON - seconds, **more)


def updates(known, now=NOON, at=NOON - 60, channels="team:warning pager:critical", **more):
    """What is told of this incident to those who were told of its first trouble at that time."""
    names = [each.partition(":")[0] for each in channels.split()]
    history = [told(name, at=at) for name in names]
    values = {"settings": notify(channels), "before": [incident()], "told": history, **more}
    found = policy.due(moment(known, now=now, **values))
    return [(due.channel, due.kind, [one.key for one in due.troubles]) for due in found]


def test_what_joins_an_incident_that_was_told_is_told_once():
    known = grown(other())
    assert updates(known) == [("team", "joined", ["keeper-down"]), ("pager", "joined", ["keeper-down"])]
    assert updates(known, before=[known]) == []


def test_what_joins_is_told_to_the_channels_of_its_own_severity():
    assert updates(grown(other(severity=WARNING))) == [("team", "joined", ["keeper-down"])]


def test_what_joins_is_told_though_the_incident_was_acknowledged():
    known = replace(incident(), acknowledged=NOON - 50, acknowledged_by="anna")
    assert len(updates(grown(other(), known=known))) == 2


def test_what_is_critical_is_gathered_for_a_moment_and_the_rest_for_half_a_minute():
    assert updates(grown(other(seconds=2))) == []
    two = grown(other("disk-low", WARNING, seconds=3), other(seconds=1))
    assert updates(two)[0] == ("team", "joined", ["keeper-down", "disk-low"])
    warning = grown(other(severity=WARNING))
    assert updates(warning, at=NOON - 29) == []
    assert len(updates(warning, at=NOON - 30)) == 1


def test_a_trouble_that_gets_worse_is_told_and_one_that_gets_better_is_not():
    warning, critical = grown(other(severity=WARNING)), grown(other(severity=CRITICAL))
    assert len(updates(critical, before=[warning])) == 2
    assert updates(warning, before=[critical]) == []


def test_what_is_over_silenced_inhibited_or_only_explains_is_no_update():
    assert updates(grown(other(over=NOON - 1))) == []
    assert updates(grown(other()), silences=[silence("keeper-down")]) == []
    assert updates(grown(other(data={"inhibited_by": "cluster-down:a"}))) == []
    assert updates(grown(other(severity=INFO))) == []


def test_a_warning_that_joins_at_night_waits_for_the_morning():
    night = {"quiet_hours": "22:00-07:00", "quiet_severity": "critical", "timezone": "Europe/Berlin"}
    settings = notify("team:warning", **night)
    known = grown(other(severity=WARNING))
    at = {"at": MIDNIGHT_IN_BERLIN - 60, "settings": settings, "channels": "team:warning"}
    assert updates(known, now=MIDNIGHT_IN_BERLIN, **at) == []
    assert len(updates(known, now=MIDNIGHT_IN_BERLIN + 7 * 3600, **at)) == 1


def test_when_it_is_asked_again_the_escalation_waits_anew():
    again = incident(asked_again=NOON + 900)
    history = [told("team")]
    assert said(again, settings=LADDER, told=history, now=NOON + 1199) == []
    assert said(again, settings=LADDER, told=history, now=NOON + 1200) == [("anna", "escalated", (1,))]


# what is mended by itself


def short(key="site-unreachable", severity=CRITICAL, seconds=1.0, over=None, **data):
    member = Member(key, severity, "It is off.", NOON - seconds, over, data)
    return Incident(1, NOON - seconds, None, severity, "It is off", "", None, "", {}, (member,))


def test_what_the_keeper_may_mend_in_a_moment_or_mended_at_once_is_told_to_nobody():
    everybody = notify("team:info")
    assert said(short("edge-down", INFO, mended=True, held="critical"), settings=everybody) == []
    assert (
        said(short("edge-down", INFO, 60, NOON - 59, mended=True, held="critical"), settings=everybody) == []
    )
    assert said(short("replica-restarted:a1", INFO, 60, NOON - 59, mended=True), settings=everybody) == []


def test_what_was_mended_for_the_third_time_is_told():
    assert said(short("replica-restarted:a1", WARNING, 60, NOON - 59, mended=True)) == [
        ("team", "opened", (1,))
    ]


def test_what_visitors_see_is_told_at_once():
    assert len(said(short(seconds=0))) == 2


def test_who_was_told_that_it_is_over_is_told_when_it_comes_again():
    history = [told("team", at=NOON - 90), told("team", kind=policy.RESOLVED, message=2, at=NOON - 30)]
    settings = notify("team:warning")
    assert said(short("site-unreachable", seconds=5), told=history, settings=settings) == [
        ("team", "again", (1,))
    ]
    again = [*history, told("team", kind=policy.AGAIN, step=1, message=3, at=NOON - 4)]
    assert said(short("site-unreachable", seconds=5), told=again, settings=settings) == []


def test_the_second_end_is_told_too():
    history = [
        told("team", at=NOON - 90),
        told("team", kind=policy.RESOLVED, message=2, at=NOON - 60),
        told("team", kind=policy.AGAIN, step=1, message=3, at=NOON - 30),
    ]
    ended = replace(short("site-unreachable", over=NOON), closed=NOON)
    (due,) = policy.due(moment(ended=[ended], told=history, settings=notify("team:warning")))
    assert (due.kind, due.step) == (policy.RESOLVED, 1)


# storms


def test_incidents_of_one_moment_are_one_message():
    assert said(incident(1), incident(2), incident(3), settings=notify("team:info")) == [
        ("team", "opened", (1, 2, 3))
    ]


def test_after_three_messages_within_a_minute_the_rest_is_gathered():
    begun = [("team", NOON - 50), ("team", NOON - 30), ("team", NOON - 1)]
    storm = [incident(number, WARNING) for number in (4, 5, 6)]
    assert said(*storm, begun=begun, settings=notify("team:info")) == []
    later = {"now": NOON + 11, "begun": begun, "settings": notify("team:info")}
    assert said(*storm, **later) == [("team", "opened", (4, 5, 6))]


def test_a_storm_is_repeated_and_escalated_in_one_message_too():
    settings = notify("team:info boss:info", escalation=["boss"], repeat_s=600, escalate_after_s=300)
    storm = [incident(number) for number in (1, 2, 3)]
    history = [told("team", number, thread="s1", message=9) for number in (1, 2, 3)]
    known = {"settings": settings, "told": history, "asks": [ask(about=2)]}
    asked, escalated = sorted(policy.due(moment(*storm, now=NOON + 300, **known)), key=lambda due: due.kind)
    assert (asked.channel, [one.id for one in asked.incidents]) == ("team", [2])
    assert (escalated.channel, [one.id for one in escalated.incidents]) == ("boss", [1, 2, 3])
    assert [one.id for one in escalated.asks] == [3]
    kinds = said(*storm, settings=settings, told=history, now=NOON + 600)
    assert kinds == [("team", "repeated", (1, 2, 3)), ("boss", "escalated", (1, 2, 3))]


def test_a_clock_that_is_set_back_makes_no_storm():
    assert said(incident(), begun=[("team", NOON + 3600)] * 3, settings=notify("team:info"))


def test_a_storm_in_one_channel_holds_no_other_up():
    begun = [("team", NOON - 1)] * 3
    assert said(incident(), begun=begun) == [("pager", "opened", (1,))]


def test_a_storm_holds_what_is_critical_for_ten_seconds_at_most():
    begun = [("team", NOON - 1)] * 3
    settings = notify("team:info")
    assert said(incident(4), begun=begun, settings=settings, now=NOON + 9) == []
    assert said(incident(4), begun=begun, settings=settings, now=NOON + 10) == [("team", "opened", (4,))]


def test_a_drill_is_held_up_by_no_storm_and_reaches_people_whatever_it_practises():
    begun = [("team", NOON - 1)] * 3
    practised = incident(severity=INFO, drill="cluster-down")
    assert said(practised, begun=begun) == [("team", "opened", (1,)), ("pager", "opened", (1,))]


# on call


def duty(now=(), named=("anna", "bob")):
    shift = Shift(NOON - 1, NOON + 1, tuple(now), "on call")
    return Duty((shift,) if now else (), (), frozenset(named))


PEOPLE = "team:warning anna:warning bob:warning boss:critical"


def test_those_on_call_are_told_and_those_who_stand_in_no_calendar():
    settings = notify(PEOPLE, escalation=["boss"])
    found = said(incident(), settings=settings, duty=duty(["anna"]))
    assert [channel for channel, *_ in found] == ["team", "anna"]


def test_with_nobody_on_call_everybody_of_the_severity_is_told():
    settings = notify(PEOPLE, escalation=["boss"])
    found = said(incident(), settings=settings, duty=duty())
    assert {channel for channel, *_ in found} == {"team", "anna", "bob", "boss"}
    found = said(incident(severity=WARNING), settings=settings, duty=duty())
    assert {channel for channel, *_ in found} == {"team", "anna", "bob"}


def test_with_a_calendar_that_was_never_read_everybody_of_the_severity_is_told():
    settings = notify(PEOPLE, escalation=["boss"], oncall="gone.ics")
    found = said(incident(), settings=settings)
    assert {channel for channel, *_ in found} == {"team", "anna", "bob", "boss"}


def test_who_is_on_call_and_in_the_escalation_is_told_at_once():
    settings = notify(PEOPLE, escalation=["bob", "boss"])
    found = said(incident(), settings=settings, duty=duty(["bob"]))
    assert [channel for channel, *_ in found] == ["team", "bob"]


def test_who_comes_on_call_is_told_and_who_goes_hears_no_more_than_the_end():
    settings = notify("anna:warning bob:warning", repeat_s=60)
    history = [told("anna")]
    handed_over = {"settings": settings, "duty": duty(["bob"]), "told": history, "now": NOON + 3600}
    assert said(incident(), **handed_over) == [("bob", "opened", (1,))]
    assert said(ended=[over()], **handed_over) == [("anna", "resolved", (1,))]


# escalation


LADDER = notify("team:warning anna:warning boss:critical", escalation=["anna", "boss"], escalate_after_s=300)


def test_while_nobody_acknowledges_the_next_one_is_told_and_then_the_first_again():
    history, channels = [told("team")], []
    for step in range(1, 6):
        at = NOON + 300 * step
        assert said(incident(), settings=LADDER, told=history, now=at - 1) == []
        (due,) = policy.due(moment(incident(), settings=LADDER, told=history, now=at))
        assert (due.kind, due.step) == ("escalated", step)
        channels.append(due.channel)
        history.append(told(due.channel, kind=due.kind, step=step, at=at))
    assert channels == ["anna", "boss", "anna", "boss", "anna"]


def test_acknowledging_ends_the_escalation():
    known = replace(incident(), acknowledged=NOON + 10, acknowledged_by="anna")
    assert said(known, settings=LADDER, told=[told("team")], now=NOON + 900) == []


def test_a_step_of_the_escalation_hears_only_its_severity():
    warning = incident(severity=WARNING)
    history = [told("team", severity="warning")]
    for step in (1, 2, 3):
        (due,) = policy.due(moment(warning, settings=LADDER, told=history, now=NOON + 300 * step))
        assert due.channel == "anna"
        history.append(told("anna", kind=due.kind, step=step, at=NOON + 300 * step, severity="warning"))


def test_when_all_channels_are_steps_the_first_one_is_told_first():
    settings = notify("anna:warning boss:warning", escalation=["anna", "boss"])
    assert said(incident(), settings=settings) == [("anna", "opened", (1,))]
    later = said(incident(), settings=settings, told=[told("anna")], now=NOON + 300)
    assert later == [("boss", "escalated", (1,))]


def test_what_lasts_is_told_again_after_a_while_acknowledged_or_not():
    settings = notify("team:warning", repeat_s=3600)
    known = replace(incident(), acknowledged=NOON + 10, acknowledged_by="anna")
    for one in (incident(), known):
        assert said(one, settings=settings, told=[told("team")], now=NOON + 3599) == []
        assert said(one, settings=settings, told=[told("team")], now=NOON + 3600) == [
            ("team", "repeated", (1,))
        ]
    again = [told("team"), told("team", kind=policy.REPEATED, step=1, at=NOON + 3600)]
    assert said(known, settings=settings, told=again, now=NOON + 7199) == []
    assert policy.due(moment(known, settings=settings, told=again, now=NOON + 7200))[0].step == 2


# questions


def ask(number=3, about=1):
    question = Question("fail_over", "drain", {}, "cause", "Send all visitors to b", about)
    return Ask(number, NOON, question, NOON + 600, "waiting", "", None)


def test_a_question_that_is_open_already_is_put_in_the_first_message():
    found = policy.due(moment(incident(), asks=[ask()], settings=notify("team:info")))
    assert [(due.kind, [one.id for one in due.asks]) for due in found] == [("opened", [3])]


def test_a_later_question_is_put_to_those_who_know_of_the_incident_once():
    settings = notify("team:warning other:critical")
    warning = incident(severity=WARNING)
    history = [told("team", severity="warning")]
    found = policy.due(moment(warning, asks=[ask()], told=history, settings=settings))
    assert [(due.channel, due.kind, due.step) for due in found] == [("team", "asked", 3)]
    history.append(told("team", kind=policy.ASKED, step=3, severity="warning"))
    assert said(warning, asks=[ask()], told=history, settings=settings) == []


# silences


def silence(matcher="cluster=a", until=NOON + 100):
    return Silence(1, NOON - 10, matcher, until, "works", "anna", None)


@pytest.mark.parametrize(
    "matcher",
    ["*", "cluster-down", "cluster-down:a", "cluster-down:*", "cluster=a", "severity=critical", "incident=1",
     "alert=cluster-* cluster=a"],
)  # fmt: skip
def test_a_silence_that_fits_holds_back(matcher):
    assert said(incident(), silences=[silence(matcher)]) == []


@pytest.mark.parametrize(
    "matcher", ["cluster=b", "cluster-down:b", "cluster", "*  severity=warning", "incident=11"]
)
def test_a_silence_that_does_not_fit_holds_nothing_back(matcher):
    assert len(said(incident(), silences=[silence(matcher)])) == 2


def test_an_incident_with_a_trouble_that_is_not_silenced_is_told():
    other = Member("edge-down", CRITICAL, "The edge is down.", NOON)
    two = replace(incident(), members=(*incident().members, other))
    assert len(said(two, silences=[silence()])) == 2
    assert (
        said(replace(two, members=(two.members[0], replace(other, over=NOON + 1))), silences=[silence()])
        == []
    )


def test_what_was_silenced_and_is_over_is_not_told_because_of_what_was_wrong_long_before():
    known = incident()
    ended = replace(known.members[0], over=NOON)
    long_ago = Member("edge-down", CRITICAL, "The edge is down.", NOON - 400, NOON - 390)
    two = replace(known, members=(long_ago, ended))
    assert said(two, silences=[silence()]) == []
    assert len(said(two)) == 2


def test_evidence_is_no_trouble_that_must_be_silenced():
    anomaly = Member("anomaly:x", INFO, "More than usual.", NOON)
    assert said(replace(incident(), members=(*incident().members, anomaly)), silences=[silence()]) == []


def test_a_silence_holds_back_escalation_and_questions_too():
    history = [told("team")]
    settings = notify("team:warning boss:warning", escalation=["boss"], repeat_s=60)
    known = {"told": history, "now": NOON + 9999, "asks": [ask()], "settings": settings}
    assert said(incident(), **known, silences=[silence(until=NOON + 99999)]) == []
    assert {kind for _, kind, _ in said(incident(), **known)} == {"escalated", "repeated", "asked"}


# quiet hours


QUIET = notify("team:info", quiet_hours="22:00-07:00", quiet_severity="critical", timezone="Europe/Berlin")
MIDNIGHT_IN_BERLIN = NOON + 10 * 3600


def test_in_quiet_hours_only_what_is_bad_enough_is_told():
    warning = incident(severity=WARNING)
    assert said(warning, settings=QUIET, now=MIDNIGHT_IN_BERLIN) == []
    assert said(incident(), settings=QUIET, now=MIDNIGHT_IN_BERLIN) == [("team", "opened", (1,))]


def test_what_is_still_true_in_the_morning_is_told_then_in_one_message():
    night = [incident(number, WARNING, MIDNIGHT_IN_BERLIN) for number in (1, 2, 3, 4)]
    morning = MIDNIGHT_IN_BERLIN + 7 * 3600
    assert said(*night, settings=QUIET, now=morning - 1) == []
    assert said(*night, settings=QUIET, now=morning) == [("team", "opened", (1, 2, 3, 4))]


def test_a_drill_is_told_in_quiet_hours():
    assert said(incident(severity=WARNING, drill="cluster-down"), settings=QUIET, now=MIDNIGHT_IN_BERLIN)


# every check at once


def test_a_practised_hands_off_holds_nothing_back():
    practised = incident(9, opened=NOON, key="checker-wrong", hands_off=True, drill="checker-wrong")
    found = said(incident(1), practised, settings=notify("team:info"))
    assert {number for _, _, numbers in found for number in numbers} == {1, 9}


def test_when_the_checker_is_wrong_that_alone_is_told():
    wrong = incident(9, opened=NOON, key="everything-fails", hands_off=True)
    around = [incident(1, opened=NOON - 59), incident(2, opened=NOON + 5)]
    before = incident(3, opened=NOON - 61)
    assert said(*around, wrong, before, settings=notify("team:info"), now=NOON + 6) == [
        ("team", "opened", (9, 3))
    ]
    assert said(*around, settings=notify("team:info"), now=NOON + 60) == [("team", "opened", (1, 2))]


def test_what_is_told_instead_must_be_told():
    wrong = incident(9, opened=NOON, key="everything-fails", hands_off=True)
    quiet = [silence("everything-fails")]
    assert said(incident(1), wrong, settings=notify("team:info"), silences=quiet) == [
        ("team", "opened", (1,))
    ]


# over


def over(number=1, severity=CRITICAL):
    return replace(incident(number, severity), closed=NOON + 60)


def test_who_heard_of_it_hears_that_it_is_over():
    found = said(ended=[over()], told=[told("team"), told("pager", kind=policy.ESCALATED)])
    assert found == [("team", "resolved", (1,)), ("pager", "resolved", (1,))]


@pytest.mark.parametrize("state", ["waiting", "failed"])
def test_who_has_not_heard_of_it_is_not_told_that_it_is_over(state):
    assert said(ended=[over()], told=[told("team", state=state)]) == []


def test_it_is_told_once_that_it_is_over():
    history = [told("team"), told("team", kind=policy.RESOLVED, state="waiting")]
    assert said(ended=[over()], told=history) == []


def test_a_storm_is_over_when_all_of_it_is():
    history = [told("team", 1, thread="s1", message=5), told("team", 2, thread="s1", message=5)]
    assert said(incident(2), ended=[over(1)], told=history, settings=notify("team:info")) == []
    assert said(ended=[over(1), over(2)], told=history) == [("team", "resolved", (1, 2))]


def test_what_ended_in_quiet_hours_is_told_in_the_morning():
    known = {"ended": [over(severity=WARNING)], "told": [told("team", severity="warning")], "settings": QUIET}
    assert said(**known, now=MIDNIGHT_IN_BERLIN) == []
    assert said(**known, now=MIDNIGHT_IN_BERLIN + 7 * 3600) == [("team", "resolved", (1,))]


def test_what_comes_again_and_is_mended_at_once_is_not_told_again():
    history = [told("team", at=NOON - 90), told("team", kind=policy.RESOLVED, at=NOON - 30)]
    before = Member("edge-down", CRITICAL, "It was off.", NOON - 95, NOON - 40)
    held = Member("edge-down", INFO, "It is off.", NOON - 2, None, {"mended": True, "held": "critical"})
    settings = notify("team:info")
    again = replace(short(), members=(before, held))
    assert said(again, told=history, settings=settings) == []
    lasting = replace(short(), members=(before, replace(held, severity=CRITICAL, data={})))
    assert said(lasting, told=history, settings=settings) == [("team", "again", (1,))]


def test_what_comes_again_while_its_end_is_written_is_told():
    history = [told("team", at=NOON - 90), told("team", kind=policy.RESOLVED, at=NOON)]
    assert said(short(seconds=0.5), told=history, settings=notify("team:info")) == [("team", "again", (1,))]


def test_the_second_time_all_is_told_as_the_first_time():
    settings = notify("team:info", repeat_s=3600)
    history = [
        told("team", severity="warning"),
        told("team", kind=policy.WORSE, step=1),
        told("team", kind=policy.REPEATED, step=1),
        told("team", kind=policy.ASKED, step=3),
        told("team", kind=policy.RESOLVED),
        told("team", kind=policy.AGAIN, step=1, severity="warning"),
    ]
    (worse,) = policy.due(moment(incident(), told=history, settings=settings, asks=[ask()]))
    assert (worse.kind, worse.step) == ("worse", 2)
    history.append(told("team", kind=policy.WORSE, step=2))
    (repeated,) = policy.due(moment(incident(), told=history, settings=settings, now=NOON + 3600))
    assert (repeated.kind, repeated.step) == ("repeated", 2)
