"""What a replica does with what visitors send, and that it is on two disks before anybody is thanked."""

from __future__ import annotations

import os
import pwd
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portico.cluster import local
from portico.intake import journal, proof, secret
from portico.intake.proof import Challenge
from portico.kit import unixsocket
from portico.replica import peers
from support import posting, replicas, smalldisk
from support.posting import GOOD, JSON, Clusters
from support.replicas import wait_until


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clusters]:
    """For tests that only send; each sends words of its own."""
    with posting.running(tmp_path_factory.mktemp("intake"), "a1", "b1") as running:
        yield running


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Clusters]:
    with posting.running(tmp_path, "a1", "b1") as running:
        yield running


def said(message: str) -> dict[str, str]:
    return GOOD | {"message": message}


def test_a_post_is_on_the_disks_of_both_clusters_before_it_is_acknowledged(fresh: Clusters):
    assert fresh.post("a1", GOOD).status == 303
    (here,), (there,) = fresh.posts("a"), fresh.posts("b")
    assert here == there
    assert (here.form, here.fields, here.spam, here.language, here.cluster) == (
        "contact",
        GOOD,
        False,
        "en",
        "a",
    )
    assert fresh.names("a") == fresh.names("b") == [here.name]
    assert fresh.journal("a").alone() == []
    assert abs(here.received_at - time.time()) < 60


def test_what_lies_in_a_journal_is_sealed_and_for_its_owner_alone(fresh: Clusters):
    fresh.post("a1", said("a very private word"))
    files = [file for file in fresh.home.clusters.rglob("*") if file.is_file() and "intake" in file.parts]
    assert len([file for file in files if "contact" in file.name]) == 2
    for file in files:
        assert b"private" not in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(fresh.home.intake("a").stat().st_mode) == 0o700


def test_without_javascript_the_thank_you_page_is_next_and_with_it_json(both: Clusters):
    plain = both.post("a1", said("plain"))
    assert (plain.status, plain.headers["location"], plain.body) == (303, "/thanks/", b"")
    assert plain.headers["cache-control"] == "no-store"
    inline = both.post("a1", said("inline"), **JSON)
    assert (inline.status, inline.said) == (200, {"ok": True, "thanks": "/thanks/"})


def test_what_is_wrong_is_told_by_field_or_by_the_problem_page(both: Clusters):
    wrong = {"name": "", "email": "<script>@x", "message": "x" * 30_001}
    inline = both.post("a1", wrong, **JSON)
    assert inline.status == 422
    assert inline.said == {
        "ok": False,
        "fields": {
            "name": "expected an answer",
            "email": "expected an address",
            "message": "expected fewer characters",
        },
    }
    plain = both.post("a1", wrong)
    assert (plain.status, plain.headers["location"]) == (303, "/problem/")


def test_nothing_that_was_sent_is_reflected(both: Clusters):
    for headers in ({}, JSON):
        answer = both.post(
            "a1", {"name": "reflected", "email": "reflected", "reflected": "reflected"}, **headers
        )
        assert b"reflected" not in answer.body
        assert "reflected" not in str(answer.headers)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"name=%ff%fe", {}, 400),
        (b"name=\xc3\xa4", {}, 400),
        (b"&".join(b"a=%d" % number for number in range(600)), {}, 400),
        (b"name=" + b"x" * 40_000, {}, 413),
        (b"{}", {"content_type": "application/json"}, 415),
        (b"--x--", {"content_type": "multipart/form-data; boundary=x"}, 415),
        (b"name=x", {"content_type": ""}, 415),
    ],
)
def test_what_is_no_form_is_refused(both: Clusters, body: bytes, headers: dict[str, str], status: int):
    before = both.names("a")
    answer = both.send("a1", body, **headers)
    assert answer.status == status
    assert both.send("a1", body, **headers, **JSON).said == {"ok": False}
    assert both.names("a") == before


def test_an_attachment_is_refused_before_it_is_read(both: Clusters):
    body = b'--x\r\ncontent-disposition: form-data; name="a"; filename="evil.exe"\r\n\r\nMZ\r\n--x--\r\n'
    assert both.send("a1", body, content_type="multipart/form-data; boundary=x").status == 415


def test_a_header_can_not_be_smuggled_through_a_line_of_text(both: Clusters):
    for name, value in (
        ("name", "Ada\r\nBcc: all@example.org"),
        ("email", "ada@example.org\nBcc: x@example.org"),
    ):
        answer = both.post("a1", GOOD | {name: value}, **JSON)
        assert list(answer.said["fields"]) == [name]


def test_there_is_no_other_form_and_no_schema_to_read(both: Clusters):
    assert both.send("a1", b"name=x", form="other").status == 404
    for method in "GET", "HEAD":
        answer = both.send("a1", b"", method=method)
        assert (answer.status, answer.headers["allow"]) == (405, "POST")
        assert b"email" not in answer.body
        assert both.send("a1", b"", method=method, form="other").status == 405
    socket = both.home.replica_socket("a1")
    assert replicas.ask(socket, f"/{both.snapshot}/%2D/intake/contact").status == 405
    assert replicas.ask(socket, f"/{both.snapshot}/-/live").status == 404


def test_a_page_can_not_be_posted_to(both: Clusters):
    socket = both.home.replica_socket("a1")
    assert replicas.ask(socket, f"/{both.snapshot}/", "POST", content_length="0").status == 405


def test_a_body_must_say_its_length(both: Clusters):
    with unixsocket.connect(both.home.replica_socket("a1"), replicas.PATIENCE_S) as sock:
        head = f"POST /{both.snapshot}/-/intake/contact HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n"
        sock.sendall(f"{head}content-type: application/x-www-form-urlencoded\r\n\r\n0\r\n\r\n".encode())
        assert sock.recv(100).startswith(b"HTTP/1.1 411 ")


def test_a_double_click_makes_one_entry(fresh: Clusters):
    for name in "a1", "b1", "a1", "b1":
        assert fresh.post(name, GOOD).status == 303
    assert len(fresh.names("a")) == len(fresh.names("b")) == 1
    assert fresh.counted("a1")['posts_total{outcome="taken"}'] == 1
    assert fresh.counted("a1")['posts_total{outcome="repeated"}'] == 1


def test_the_pages_own_key_tells_two_posts_of_the_same_words_apart(fresh: Clusters):
    for key in "first", "second", "second":
        fresh.post("a1", GOOD | {"_key": key})
    fresh.post("a1", said("other words, the key used again") | {"_key": "second"})
    assert len(fresh.names("a")) == 3


def test_a_filled_honeypot_is_quarantined_and_answered_like_any_other(fresh: Clusters):
    good, bad = fresh.post("a1", GOOD), fresh.post("a1", said("spam") | {"website": "https://spam.example"})
    quick = fresh.post("a1", said("quick") | {"_filled_ms": "150"})
    assert (good.status, good.headers["location"]) == (bad.status, bad.headers["location"])
    assert quick.status == 303
    assert {one.fields["message"]: one.why for one in fresh.posts("b")} == {
        "Hello": "",
        "spam": "honeypot",
        "quick": "too quick",
    }
    assert [one.spam for one in fresh.posts("a")].count(True) == 2


def test_when_posts_come_too_often_the_sender_is_asked_for_work(both: Clusters):
    words, often = said("too often"), {"x_portico_suspicious": "yes"}
    before = both.names("a")
    asked = both.post("a1", words, **often, **JSON)
    assert asked.status == 428
    challenge = asked.said["challenge"]
    later = both.post("a1", words, **often)
    assert (later.status, later.headers["retry-after"]) == (429, "60")
    assert both.names("a") == before
    solved = proof.solve(Challenge(**challenge))
    other = both.post("b1", said("another post") | {"_proof": solved}, **often, **JSON)
    assert other.status == 428, "a proof is good for one post alone"
    assert both.post("b1", words | {"_proof": solved}, **often, **JSON).status == 200, "at every replica"


def test_with_the_other_cluster_dead_the_one_copy_is_taken_marked_and_copied_later(fresh: Clusters):
    fresh.kill("b1")
    assert fresh.post("a1", GOOD).status == 303
    assert fresh.journal("a").alone() == fresh.names("a")
    assert fresh.names("b") == []
    assert fresh.counted("a1")["posts_alone_total"] == 1
    fresh.run("b1")
    wait_until(lambda: not fresh.journal("a").alone())
    assert fresh.posts("b") == fresh.posts("a")
    wait_until(lambda: fresh.counted("a1")["posts_mended_total"] == 1)


def test_a_hung_replica_of_the_other_cluster_holds_nobody_up_for_long(fresh: Clusters):
    fresh.kill("a1")
    fresh.run("a1", patient=False)
    fresh.run("b2")
    fresh.replicas["b1"].send_signal(signal.SIGSTOP)
    assert fresh.post("a1", GOOD).status == 303
    wait_until(lambda: fresh.names("b") == fresh.names("a"))
    fresh.replicas["b1"].send_signal(signal.SIGCONT)


def test_a_copy_that_no_replica_signed_is_not_taken(fresh: Clusters):
    known = secret.load(fresh.home.intake("a") / secret.FILE)
    name, data = f"{1:013d}.{'a' * 32}.contact", b"sealed"
    right = peers.tag(known, name, data)
    for tag, body, to in (
        ("", data, name),
        (right, b"other", name),
        (right, data, "../../x"),
        ("0" * 32, data, name),
    ):
        assert put(fresh, to, body, tag) == 404
    assert fresh.names("b") == []
    assert put(fresh, name, data, right) == 204
    assert fresh.names("b") == [name]


def put(clusters: Clusters, name: str, body: bytes, tag: str) -> int:
    connection = unixsocket.HTTPConnection(clusters.home.replica_socket("b1"), replicas.PATIENCE_S)
    return posting.ask(connection, "PUT", f"/-/copy/{name}", body, {peers.TAG: tag}).status


def test_who_died_between_copy_and_acknowledgement_is_made_good_by_the_retry(fresh: Clusters):
    """The copy is there, the other cluster's own post isn't: after the retry both are."""
    fresh.post("a1", GOOD)
    (name,) = fresh.names("a")
    fresh.journal("a").remove(name)
    assert fresh.names("b") == [name]
    assert fresh.post("b1", GOOD).status == 303
    assert fresh.names("a") == fresh.names("b") == [name]


def test_a_full_disk_acknowledges_nothing(tmp_path: Path):
    home = tmp_path / "home"
    with posting.running(home, "b1") as running, smalldisk.mounted(home / "disk", "1m") as disk:
        running.home.intake("a").symlink_to(disk)
        running.run("a1")
        (disk / "filler").write_bytes(b"")
        fill(disk / "filler")
        full = running.post("a1", GOOD)
        assert (full.status, full.headers["retry-after"]) == (503, "5")
        assert running.journal("a").names() == []
        assert running.counted("a1")['posts_total{outcome="not_kept"}'] == 1
        assert running.post("b1", said("elsewhere")).status == 303
        assert running.journal("b").alone() != []
        (disk / "filler").unlink()
        wait_until(lambda: not running.journal("b").alone())
        assert running.post("a1", GOOD).status == 303
        assert len(running.posts("a")) == 2
        running.end()


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(bytes(4096))
        except OSError:
            pass


def test_without_an_intake_posts_are_turned_away(tmp_path: Path):
    """The mirror shares nothing with the clusters, so it keeps nothing for them."""
    with posting.running(tmp_path, "a1") as running:
        running.home.intake_public_key.unlink()
        running.kill("a1")
        running.run("a1")
        answer = running.post("a1", GOOD)
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_what_nobody_takes_is_read_before_it_is_refused(both: Clusters):
    """An answer in the middle of a body may be lost on its way."""
    with unixsocket.connect(both.home.replica_socket("a1"), 0.2) as sock:
        sock.sendall(b"POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n")
        with pytest.raises(TimeoutError):
            sock.recv(100)
        sock.settimeout(replicas.PATIENCE_S)
        sock.sendall(b"four")
        assert sock.recv(100).startswith(b"HTTP/1.1 405 ")


def test_a_schema_that_is_none_is_told_in_the_log_and_takes_nothing(tmp_path: Path):
    with posting.running(tmp_path, "a1", form=posting.FORM | {"fields": []}) as running:
        assert running.post("a1", GOOD).status == 503
        assert "expected 1 to 100 fields" in running.home.log("a1").read_text()


def test_as_root_a_replica_takes_posts_as_nobody(fresh: Clusters):
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    fresh.home.root.chmod(0o755)
    fresh.kill("a1")
    local.start(fresh.home, "a", "a1", retain=3)
    try:
        wait_until(lambda: local.ask(fresh.home.replica_socket("a1"), replicas.PATIENCE_S))
        assert fresh.post("a1", GOOD).status == 303
        nobody = pwd.getpwnam("nobody").pw_uid
        (name,) = fresh.journal("a").names()
        folder = fresh.home.intake("a") / journal.POSTS
        assert {path.stat().st_uid for path in (folder, folder / name)} == {nobody}
        wait_until(lambda: fresh.names("b") == [name])
    finally:
        local.stop(fresh.home, "a1", grace=5)


def test_many_posts_at_once_are_all_kept_and_the_replica_stays_small(both: Clusters):
    before = len(both.names("a"))
    for number in range(200):
        assert both.post("a1", said(f"{number} " + "x" * 20_000)).status == 303
    assert len(both.names("a")) == len(both.names("b")) == before + 200
    for name in "a1", "b1":
        assert psutil.Process(both.replicas[name].pid).memory_info().rss < 60 << 20
