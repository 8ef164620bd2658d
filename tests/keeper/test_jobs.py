"""Repair, renew and free disk, on real files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portico.config.home import Home
from portico.config.models import Settings
from portico.edge import certificate, shield, tls
from portico.keeper import edge_config, jobs, publishing, steps
from portico.keeper.hands import Hands
from portico.keeper.stack import Stack
from portico.kit import lock
from portico.ledger.ledger import Ledger
from portico.model import ENCODINGS, MIRROR, Digest
from portico.store import check, signing
from portico.store.layout import Store
from support import echoing, edging, snapshots
from support.snapshots import HTML, Page

WHERE = ("a", "b", MIRROR)
KEEP = 3


@dataclass
class Kept:
    stack: Stack
    ledger: Ledger
    hands: Hands
    live: Digest = ""

    def store(self, name: str) -> Store:
        return Store(self.stack.home.store(name))

    def publish(self, text: str, *, released: bool = True) -> Digest:
        """Into every store, and live; no edge runs."""
        home = self.stack.home
        pages = {
            f"/{name}": Page(HTML, f"<h1>{text} {name}</h1>".encode() * 50, encodings=ENCODINGS)
            for name in ("", "one", "two")
        }
        made = snapshots.build(Store(home.origin), signing.load_private(home.signing_key), pages)
        for name in WHERE:
            publishing.bring(self.stack, name, made, None)
        before, self.live = self.live, made
        self.ledger.want("snapshot", made)
        if released:
            self.ledger.record("released", made, before=before)
        return made

    def report(self, name: str) -> check.Report:
        return check.snapshot(self.store(name), self.live, self.stack.key)

    def said(self) -> dict:
        return self.ledger.seen(jobs.KEY)[0]

    def repair(self, name: str) -> dict:
        self.hands.act(steps.RepairStore(name, self.live, 7))
        return self.said()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    home = Home(tmp_path).create()
    signing.create_keys(home.signing_key, home.public_key)
    for root in (home.origin, *(home.store(name) for name in WHERE)):
        Store(root).create()
    key = signing.load_public(home.public_key)
    settings = Settings.model_validate({"snapshots": {"keep": KEEP}})
    stack = Stack(home, settings, None, key, "https://localhost/", "http://localhost/", None)
    ledger = Ledger(home.ledger)
    made = Kept(stack, ledger, Hands(stack, ledger, None))
    made.publish("first")
    yield made
    ledger.close()


def bodies(kept: Kept, name: str) -> list[Path]:
    return sorted(path for path in kept.store(name).files() if path.is_file())


def spoil(path: Path) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_every_spoilt_file_of_a_store_is_repaired_from_the_others(kept: Kept):
    for path in bodies(kept, "a"):
        spoil(path)
    said = kept.repair("a")
    assert (said["order"], said["ended"]) == (7, True)
    assert said["result"]["repaired"] > 0
    assert kept.report("a").bad == ()


def test_a_store_that_lost_everything_is_filled_again(kept: Kept):
    for path in bodies(kept, "b"):
        path.unlink()
    kept.store("b").remove_snapshot(kept.live)
    assert "why" not in kept.repair("b")
    assert kept.report("b").bad == ()


def test_a_spoilt_root_is_taken_from_a_store_that_can_prove_its_own(kept: Kept):
    spoil(kept.store(MIRROR).manifest(kept.live))
    assert "why" not in kept.repair(MIRROR)
    assert kept.report(MIRROR).bad == ()


def test_an_encoding_that_no_store_holds_right_is_dropped_for_the_body_is_enough(kept: Kept):
    bad = next(path for path in bodies(kept, "a") if path.suffix == ".br")
    for name in ("b", MIRROR):
        kept.store(name).body(bad.stem, "br").unlink()
    Store(kept.stack.home.origin).body(bad.stem, "br").unlink()
    spoil(bad)
    assert "why" not in kept.repair("a")
    assert not bad.exists()
    assert kept.report("a").bad == ()


def test_what_no_store_holds_right_is_told_with_its_place(kept: Kept):
    digest = next(path.name for path in bodies(kept, "a") if not path.suffix)
    for store in (*(kept.store(name) for name in WHERE), Store(kept.stack.home.origin)):
        spoil(store.body(digest))
    said = kept.repair("a")
    assert said["ended"]
    assert "no store holds a good copy" in said["why"]


def test_a_repair_that_finds_nothing_wrong_changes_nothing(kept: Kept):
    before = [path.stat().st_mtime_ns for path in bodies(kept, "a")]
    assert kept.repair("a")["result"]["repaired"] == 0
    assert [path.stat().st_mtime_ns for path in bodies(kept, "a")] == before


def test_free_disk_leaves_what_visitors_can_get(kept: Kept):
    made = [kept.live, *(kept.publish(f"number {number}") for number in range(4))]
    log = kept.stack.home.logs / "a1.log"
    log.write_bytes(b"a line\n" * 300_000)
    short = kept.stack.home.logs / "b1.log"
    short.write_bytes(b"a line\n")
    kept.hands.act(steps.FreeDisk(3))
    assert kept.said()["result"]["bytes"] > 1_500_000
    for name in WHERE:
        assert set(kept.store(name).list_snapshots()) == set(made[-KEEP:])
    assert log.stat().st_size <= jobs.LOG_END
    assert set(log.read_bytes().splitlines()) == {b"a line"}
    assert short.read_bytes() == b"a line\n"
    assert kept.report("a").bad == ()


def test_free_disk_keeps_what_a_rollback_goes_to_although_newer_ones_were_frozen(kept: Kept):
    before = kept.live
    kept.publish("second")
    live = kept.live
    for number in range(KEEP + 1):
        kept.publish(f"never live {number}", released=False)
    kept.live = live
    kept.ledger.want("snapshot", live)
    kept.hands.act(steps.FreeDisk(3))
    assert {before, live} <= set(kept.store("a").list_snapshots())


def test_a_drill_that_runs_keeps_all_snapshots(kept: Kept):
    made = {kept.live, *(kept.publish(f"number {number}") for number in range(KEEP + 2))}
    with lock.held(kept.stack.home.drill_lock):
        kept.hands.act(steps.FreeDisk(3))
    assert set(kept.store("a").list_snapshots()) == made


def test_a_writer_that_appends_goes_on_behind_what_is_left_of_its_log(kept: Kept):
    log = kept.stack.home.logs / "edge.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"a line\n" * 300_000)
        jobs._shorten(log)
        writer.write(b"the next\n")
    assert log.read_bytes().endswith(b"a line\nthe next\n")
    assert log.stat().st_size < jobs.LONG_LOG


@pytest.fixture
def served(kept: Kept) -> Iterator[edging.Edge]:
    root = kept.stack.home.root
    with edging.prepared(root) as edge, echoing.replica(root, "a1"):
        edge.start()
        yield edge
        edge.stop()


def test_a_certificate_is_signed_anew_and_shown_without_a_reload(kept: Kept, served: edging.Edge):
    before = tls.site_pem(kept.stack.home).read_bytes()
    worker = served.runtime.worker_pid()
    kept.hands.act(steps.Renew(5))
    assert kept.said() == {"order": 5, "ended": True, "result": {}}
    after = tls.site_pem(kept.stack.home).read_bytes()
    assert after != before
    assert certificate.ends(tls.site_pem(kept.stack.home))
    with served.secure() as connection:
        shown = connection.getpeercert(binary_form=True)
    assert certificate._chain(after, "")[0].public_bytes(snapshots_der()) == shown
    assert served.runtime.worker_pid() == worker


def snapshots_der():
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - this one place

    return Encoding.DER


def test_an_edge_that_is_down_is_told_and_shows_the_new_certificate_when_it_starts(kept: Kept):
    tls.provide(kept.stack.home, edging.HOSTS, None, edging.datetime.now(edging.UTC))
    kept.hands.act(steps.Renew(5))
    assert "the edge doesn't answer" in kept.said()["why"]


def test_the_shield_is_written_down_for_an_edge_that_is_started_anew(kept: Kept, served: edging.Edge):
    kept.ledger.want("shield", 9e9)
    kept.hands.act(steps.SetShield(on=True))
    assert shield.is_up(served.runtime) is True
    text = (kept.stack.home.edge / "haproxy.cfg").read_text()
    assert text == edge_config.text(kept.stack, kept.ledger.wanted())
    assert "set-var proc.shield int(1)" in text
    kept.hands.act(steps.SetShield(on=False))
    assert shield.is_up(served.runtime) is False
    assert kept.ledger.wanted()["shield"] == 0.0
