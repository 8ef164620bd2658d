"""Channels, acknowledging, silences and who is on call, from the command line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portico.ledger import incidents, silences
from portico.ledger.incidents import Incident, Member
from portico.ledger.ledger import Ledger
from portico.model import Severity
from support import inboxes
from support.commands import Run

SECRET = "t0p-s3cret"


@pytest.fixture
def hook() -> Iterator[inboxes.Hook]:
    with inboxes.hook() as opened:
        yield opened


@pytest.fixture
def toml(tmp_path: Path, hook: inboxes.Hook) -> Path:
    (tmp_path / "pager.url").write_text(f"json://127.0.0.1:{hook.port}/{SECRET}\n")
    file = tmp_path / "portico.toml"
    file.write_text(
        '[[notify.channels]]\nname = "team"\nfallback = "pager"\n'
        f'url = "json://portico:{SECRET}@127.0.0.1:{hook.port}/"\n'
        '[[notify.channels]]\nname = "pager"\nurl_file = "pager.url"\nseverity = "critical"\n'
    )
    return file


@pytest.fixture
def incident(ledger: Ledger) -> Incident:
    member = Member("cluster-down:a", Severity.CRITICAL, "It is down.", time.time(), None, {"cluster": "a"})
    made = Incident(0, time.time(), None, Severity.CRITICAL, "Cluster a is down", "", None, "", {}, (member,))
    return incidents.put(ledger, made)


# channels


def test_the_channels_are_listed_without_their_addresses(run: Run, toml: Path):
    ran = run("notify", "list")
    assert ran.code == 0
    assert [line.split() for line in ran.out.splitlines()[1:]] == [
        ["team", "json", "warning", "pager", "well"],
        ["pager", "json", "critical", "well"],
    ]
    assert SECRET not in ran.out + run("notify", "list", "--json").out


def test_a_test_sends_through_each_channel_and_says_what_came_of_it(run: Run, toml: Path, hook: inboxes.Hook):
    ran = run("notify", "test")
    assert ran.code == 0
    assert [line.split(" in ")[0] for line in ran.out.splitlines()] == ["team: sent", "pager: sent"]
    assert [got["title"] for got in hook.got] == ["Test: this is how Portico calls you"] * 2
    assert [path for _, path, _ in hook.asked] == ["/", f"/{SECRET}"]


def test_one_channel_can_be_tried(run: Run, toml: Path, hook: inboxes.Hook):
    assert run("notify", "test", "pager").code == 0
    assert [path for _, path, _ in hook.asked] == [f"/{SECRET}"]
    assert run("notify", "test", "pagr").err.splitlines() == [
        "error: there is no channel 'pagr'",
        "hint: one of team, pager",
    ]


def test_a_failed_test_has_its_exit_code_and_its_channel_is_shown_as_failing(
    run: Run, toml: Path, hook: inboxes.Hook, ledger: Ledger
):
    hook.answers += [403, 200]
    ran = run("notify", "test")
    assert ran.code == 1
    assert ran.out.splitlines()[0] == "team: failed: the service answered 403"
    assert ran.err.splitlines()[0] == "error: 1 channel failed: team"
    shown = json.loads(run("notify", "list", "--json").out)
    assert [row["state"] for row in shown] == ["fails: the service answered 403", "well"]
    assert [event.kind for event in ledger.events()] == ["notify.tested"] * 2
    run("notify", "test")
    assert {row["state"] for row in json.loads(run("notify", "list", "--json").out)} == {"well"}


def test_a_test_speaks_json_to_scripts(run: Run, toml: Path, hook: inboxes.Hook):
    hook.answers += [403, 200]
    tried = json.loads(run("notify", "test", "--json").out)
    assert [(each["channel"], each["sent"], each["why"]) for each in tried] == [
        ("team", False, "the service answered 403"),
        ("pager", True, None),
    ]


@pytest.mark.parametrize("command", ["list", "test"])
def test_without_channels_it_is_told_how_to_add_one(run: Run, command: str):
    ran = run("notify", command)
    assert ran.code == 3
    assert "there is no channel" in ran.err
    assert "[[notify.channels]]" in ran.err


def test_no_command_shows_a_secret(run: Run, toml: Path, ledger: Ledger):
    commands = [("config", "show"), ("config", "show", "--json"), ("config", "check"), ("notify", "list")]
    said = [run(*command) for command in commands]
    assert SECRET not in "".join(ran.out + ran.err for ran in said)
    assert 'url = "**********"' in said[0].out


def test_config_check_finds_an_address_that_nobody_knows(run: Run, tmp_path: Path):
    file = tmp_path / "portico.toml"
    file.write_text(f'[[notify.channels]]\nname = "team"\nurl = "nosuch://{SECRET}"\n')
    ran = run("config", "check")
    assert ran.code == 3
    assert ran.err.startswith("error: notify/channels/team: expected an address that Apprise knows")
    assert SECRET not in ran.err


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        (f'dead_mans_switch = "ftp://{SECRET}"', "notify/dead_mans_switch: expected an address that begins"),
        ('dead_mans_switch_file = "switch.url"', "expected an address that begins"),
        ('oncall = "gone.ics"', "gone.ics: there is no such file"),
    ],
)
def test_config_check_finds_what_would_tell_nobody(run: Run, tmp_path: Path, setting: str, error: str):
    (tmp_path / "switch.url").write_text(f"mailto://{SECRET}")
    (tmp_path / "portico.toml").write_text(f"[notify]\n{setting}\n")
    ran = run("config", "check")
    assert ran.code == 3
    assert error in ran.err
    assert SECRET not in ran.err + ran.out


def test_what_config_show_prints_of_channels_is_a_portico_toml(run: Run, toml: Path, tmp_path: Path):
    (tmp_path / "again.toml").write_text(run("config", "show").out)
    again = json.loads(run("--config", "again.toml", "config", "show", "--json").out)["settings"]["notify"]
    assert again == json.loads(run("config", "show", "--json").out)["settings"]["notify"]


# acknowledging


def test_an_incident_is_acknowledged_once(run: Run, ledger: Ledger, incident: Incident):
    assert run("ack", incident.id, "--by", "anna").out == "incident 1: acknowledged by anna\n"
    assert run("ack", incident.id, "--by", "bob").out == "incident 1: was acknowledged already by anna\n"
    known = incidents.get(ledger, incident.id)
    assert known is not None
    assert known.acknowledged_by == "anna"


def test_all_that_waits_is_acknowledged_at_once(run: Run, incident: Incident):
    assert json.loads(run("ack", "all", "--by", "anna", "--json").out) == {"acknowledged": [1], "by": "anna"}
    assert run("ack", "all").out == "no incident waits for anybody\n"


@pytest.mark.parametrize("given", ["99", "x", "-1"])
def test_an_incident_that_is_not_there_is_told(run: Run, ledger: Ledger, given: str):
    assert run("ack", "--", given).code == 2


# silences


def test_a_silence_is_added_listed_and_ended(run: Run, ledger: Ledger, incident: Incident):
    ran = run("silence", "add", "cluster=a", "--for", "2h", "--reason", "moving [it]")
    assert ran.out.startswith("silence 1: incident 1 (Cluster a is down), and what comes until ")
    (known,) = silences.holding(ledger, time.time())
    assert 7190 < known.until - time.time() <= 7200
    assert "moving [it]" in run("silence", "list").out
    assert run("silence", "end", "1").code == 0
    assert run("silence", "list").out == "nothing is silenced\n"
    (over,) = json.loads(run("silence", "list", "--all", "--json").out)
    assert over["ended"] is not None
    assert run("silence", "end", "1").err.startswith("error: there is no silence 1 that holds")


@pytest.mark.parametrize(
    ("matcher", "error", "hint"),
    [
        ("cluster=zz", "there is no cluster 'zz'", "there is cluster=a or cluster=b or cluster=mirror"),
        ("cluster-dwon", "there is no alert 'cluster-dwon'", "did you mean cluster-down"),
        ("cluster-dwon:a", "there is no alert 'cluster-dwon'", "did you mean cluster-down"),
        ("clutser=a", "nothing is known by the name 'clutser'", "did you mean cluster=?"),
        ("severity=critcal", "there is no severity 'critcal'", "did you mean severity=critical?"),
        ("replica=a9", "there is no replica 'a9'", "replica=a1"),
        ("channel=taem", "there is no channel 'taem'", "did you mean channel=team?"),
        ("incident=7", "there is no incident '7'", "there is incident=1"),
    ],
)
@pytest.mark.usefixtures("toml", "incident")
def test_a_typo_is_no_silence_unless_it_is_meant(run: Run, ledger: Ledger, matcher, error, hint):
    asked = ("silence", "add", matcher, "--for", "2h", "--reason", "x")
    ran = run(*asked)
    assert ran.code == 2
    assert error in ran.err
    assert hint in " ".join(ran.err.split())
    assert silences.holding(ledger, 0) == []
    assert run(*asked, "--anyway").code == 0


@pytest.mark.parametrize(
    "matcher",
    ["*", "cluster-*", "replica-restarted:a*", "alert=edge-down", "cluster=a severity=*", "part=edge"],
)
def test_what_may_come_can_be_silenced(run: Run, ledger: Ledger, matcher: str):
    assert run("silence", "add", *matcher.split(), "--for", "2h", "--reason", "x").code == 0


def test_a_silence_says_what_it_covers_in_part(run: Run, ledger: Ledger, incident: Incident):
    edge = Member("edge-down", Severity.CRITICAL, "It is down.", time.time())
    incidents.put(ledger, replace(incident, members=(*incident.members, edge)))
    asked = ("silence", "add", "cluster=a", "--for", "2h", "--reason", "x")
    assert "a part of incident 1 (Cluster a is down), the rest of which is told" in run(*asked).out
    told = json.loads(run(*asked, "--json").out)
    assert (told["incidents"], told["in_part"]) == ([], [1])


def test_a_dry_run_says_what_would_be_silent_and_does_nothing(run: Run, ledger: Ledger, incident: Incident):
    ran = run("silence", "add", "edge-down", "--for", "2h", "--reason", "x", "--dry-run")
    assert ran.out.startswith("would silence nothing that is open now, and what comes until ")
    assert silences.holding(ledger, 0) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("cluster=a", "--for", "2h"),
        ("cluster=a", "--reason", "x"),
        ("cluster=a", "--for", "2h", "--reason", " "),
        ("cluster=a", "--for", "soon", "--reason", "x"),
        ("cluster=a", "--for", "0s", "--reason", "x"),
        ("cluster=a", "--for", "31d", "--reason", "x"),
        ("cluster==a b", "--for", "2h", "--reason", "x"),
        ("", "--for", "2h", "--reason", "x"),
    ],
)
def test_a_silence_needs_something_to_fit_an_end_and_a_reason(
    run: Run, ledger: Ledger, wrong: tuple[str, ...]
):
    ran = run("silence", "add", *wrong)
    assert ran.code in {1, 2}
    assert ran.err.startswith("error: ")
    assert silences.holding(ledger, 0) == []


# on call


def turn(name: str, start: float, end: float) -> str:
    times = [time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at)) for at in (start, end)]
    return (
        f"BEGIN:VEVENT\r\nUID:{name}@x\r\nDTSTART:{times[0]}\r\nDTEND:{times[1]}\r\n"
        f"SUMMARY:{name}\r\nEND:VEVENT\r\n"
    )


def test_who_is_on_call_and_who_is_next(run: Run, toml: Path, tmp_path: Path):
    now = time.time()
    events = turn("team", now - 60, now + 3600) + turn("pager", now + 3600, now + 7200)
    (tmp_path / "oncall.ics").write_bytes(
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n".encode()
    )
    toml.write_text('notify.oncall = "oncall.ics"\n' + toml.read_text())
    told = json.loads(run("oncall", "--json").out)
    assert [shift["channels"] for shift in (*told["now"], *told["next"])] == [["team"], ["pager"]]
    assert [line.split()[:2] for line in run("oncall").out.splitlines()] == [
        ["now", "team"],
        ["next", "pager"],
    ]
    (tmp_path / "oncall.ics").unlink()
    ran = run("oncall")
    assert ran.code == 4
    assert "No such file" in ran.err


def test_without_a_calendar_it_is_said_who_is_told(run: Run, toml: Path):
    ran = run("oncall")
    assert ran.code == 3
    assert "all channels of a severity are told" in ran.err
