"""The looks at a real edge whose servers may lie: what a visitor would see, told apart."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.edge import livemap
from portico.model import RedirectRule
from portico.store.layout import Store
from portico.watch.answer import What
from portico.watch.probes import expected, targets
from support import probing
from support.probing import HTML, SITE, WELCOME, Stage


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with probing.stage(tmp_path_factory.mktemp("stage")) as made:
        yield made


@pytest.fixture
def stage(running: Stage) -> Iterator[Stage]:
    """The site as it was, with an empty cache: each test has a home page of its own."""
    home = WELCOME + f"<p>{time.monotonic_ns()}</p>".encode()
    running.lie = lambda _server, _path: None
    running.publish(probing.site(home=home))
    running.long_ago()
    yield running
    running.lie = lambda _server, _path: None


def home_of(stage: Stage) -> bytes:
    known = expected.Expectations(stage.watched)
    live = known.live()
    assert live
    page = known.expect(live.snapshot, "/")
    return Store(stage.watched.home.origin).body(page.digest).read_bytes()


def lying(stage: Stage, body: bytes, *headers: str, status: int = 200, servers: str = "a b mirror") -> None:
    """Those servers answer the home page so."""
    kind = (
        ()
        if any(header.lower().startswith("content-type") for header in headers)
        else (f"content-type: {HTML}",)
    )
    told = (status, body, [*kind, *headers])
    stage.lie = lambda server, path: told if path == "/" and server in servers.split() else None


@pytest.mark.parametrize("target", ["edge", "a", "b", "mirror", "redirect", "dns", "certificate"])
def test_what_is_right_is_seen_as_right_everywhere(stage: Stage, target: str):
    seen = stage.look(target)
    assert seen
    assert seen.what is What.RIGHT, seen.sentence


def test_each_phase_of_a_visit_is_timed(stage: Stage):
    seen = stage.look("edge")
    assert seen
    assert set(seen.phases) == {"tcp", "tls", "first_byte", "total"}
    assert seen.phases["total"] >= seen.phases["tcp"] + seen.phases["tls"] > 0


def test_a_script_that_was_added_is_told_as_injected_with_its_place(stage: Stage):
    home = home_of(stage)
    script = b"<script src=https://evil.example/x.js></script>"
    lying(stage, home.replace(b"<h1>", script + b"<h1>"))
    seen = stage.look("edge")
    assert seen
    assert seen.what is What.INJECTED
    assert f"at byte {home.index(b'<h1>')}" in seen.sentence
    assert "evil.example" in seen.sentence


def test_an_attacker_in_the_cache_is_seen_after_the_servers_are_honest_again(stage: Stage):
    lying(stage, home_of(stage) + b"<script>steal()</script>", "cache-control: public, s-maxage=86400")
    first = stage.look("edge")
    stage.lie = lambda _server, _path: None
    again, behind = stage.look("edge"), stage.look("a")
    assert first
    assert again
    assert behind
    assert (first.what, again.what, behind.what) == (What.INJECTED, What.INJECTED, What.RIGHT)


def test_other_content_altogether_is_defaced(stage: Stage):
    lying(stage, b"<h1>Owned by somebody else</h1>" * 40)
    seen = stage.look("edge")
    assert seen
    assert seen.what is What.DEFACED
    assert "Owned by somebody else" in seen.sentence


def test_the_page_of_an_older_snapshot_is_stale_and_names_it(stage: Stage):
    first = stage.publish(probing.site(home=WELCOME + b"first"))
    stage.publish(probing.site(home=WELCOME + b"second"))
    stage.long_ago()
    lying(stage, WELCOME + b"first")
    seen = stage.look("edge")
    assert seen
    assert seen.what is What.STALE
    assert first[:12] in seen.sentence


def test_an_edge_that_is_pointed_at_an_older_snapshot_shows_stale_pages(stage: Stage):
    first = stage.publish(probing.site(home=WELCOME + b"one"))
    second = stage.publish(probing.site(home=WELCOME + b"two"))
    stage.long_ago()
    stage.flip(first)
    seen = stage.look("edge")
    stage.flip(second)
    assert seen
    assert seen.what is What.STALE


def test_a_cluster_that_answers_with_another_snapshot_is_told_while_the_edge_is_right(stage: Stage):
    stage.publish(probing.site(home=WELCOME + b"old"))
    stage.publish(probing.site(home=WELCOME + b"new"))
    stage.long_ago()
    lying(stage, WELCOME + b"old", servers="b")
    right, wrong = stage.look("a"), stage.look("b")
    assert right
    assert wrong
    assert right.ok
    assert wrong.what is What.MISPLACED
    assert wrong.sentence.startswith("cluster b: / shows")


def test_a_mirror_that_lacks_the_live_snapshot_is_stale(stage: Stage):
    snapshot = stage.publish(probing.site(home=WELCOME + b"only in the clusters"))
    stage.long_ago()
    manifest = Store(stage.watched.home.store("mirror")).manifest(snapshot)
    manifest.rename(manifest.with_suffix(".away"))
    stage.readers["mirror"]._roots.clear()
    seen = stage.look("mirror")
    assert seen
    assert seen.what is What.STALE
    assert f"lacks the live snapshot {snapshot[:12]}" in seen.sentence


def test_an_error_is_an_error_and_a_dead_cluster_too(stage: Stage):
    lying(stage, b"broken", status=500, servers="a")
    seen = stage.look("a")
    assert seen
    assert seen.what is What.ERROR
    assert "answered with 500" in seen.sentence


def test_a_missing_policy_and_a_planted_cookie_are_told_as_injected(stage: Stage):
    policy = {
        "/": probing.snapshots.Page(HTML, WELCOME, (("content-security-policy", "default-src 'self'"),))
    }
    stage.publish({**SITE, **policy})
    stage.long_ago()
    assert stage.look("edge").what is What.RIGHT
    lying(stage, WELCOME, servers="a")
    without = stage.look("a")
    lying(stage, WELCOME, "content-security-policy: default-src 'self'", "set-cookie: id=1", servers="b")
    planted = stage.look("b")
    assert "content-security-policy is 'missing'" in without.sentence
    assert "set-cookie" in planted.sentence
    assert without.what is planted.what is What.INJECTED


def test_a_page_that_leads_to_another_site_is_a_wrong_redirect(stage: Stage):
    lying(stage, b"", "location: https://evil.example/", status=302)
    seen = stage.look("edge")
    assert seen
    assert seen.what is What.REDIRECT
    assert "evil.example" in seen.sentence


def test_a_redirect_of_the_manifest_and_one_of_a_rule_are_looked_at(stage: Stage):
    stage.publish({**SITE}, redirects=[RedirectRule("/news/*", "/about", 301)])
    stage.long_ago()
    target = stage.target("edge")
    asked = set[str]()

    def honest(_server: str, path: str) -> tuple[int, bytes, list[str]] | None:
        asked.add(path)
        return (301, b"", ["location: /about"]) if path.startswith("/news/") else None

    stage.lie = honest
    for _ in range(6):
        assert target.look().what is What.RIGHT
    assert {"/old", "/news/portico-probe"} <= asked
    evil = (301, b"", ["location: https://evil.example/"])
    stage.lie = lambda server, path: evil if path == "/old" else honest(server, path)
    seen = [target.look() for _ in range(6)]
    assert ("/old",) in [one.bad for one in seen if one.what is What.REDIRECT]


def test_a_bad_page_among_many_is_looked_at_again_until_it_is_right(stage: Stage):
    pages = {f"page{number}": b"<h1>%d</h1>" % number + WELCOME for number in range(30)}
    stage.publish(probing.site(**pages))
    stage.long_ago()
    stage.lie = lambda _server, path: (
        (200, b"hacked", [f"content-type: {HTML}"]) if path == "/page17" else None
    )
    target = stage.target("a")
    found = [target.look() for _ in range(40)]
    first = next(number for number, seen in enumerate(found) if seen.what is What.DEFACED)
    assert all(seen.what is What.DEFACED for seen in found[first:])
    assert found[-1].bad == ("/page17",)
    door = stage.watched.home.inside_socket
    away = door.rename(door.with_suffix(".away"))
    assert target.look().what is What.UNREACHABLE
    away.rename(door)
    assert target.look().bad == ("/page17",)
    stage.lie = lambda _server, _path: None
    assert target.look().what is What.RIGHT


def test_the_sites_own_404_page_is_looked_at(stage: Stage):
    assert stage.look("a").what is What.RIGHT
    stage.lie = lambda _server, path: (404, b"<h1>hacked</h1>", []) if "no-such-page" in path else None
    seen = stage.look("a")
    assert seen.what is not What.RIGHT
    assert "no-such-page" in seen.sentence


@pytest.mark.parametrize("behind", ["the edge", "the ledger"])
def test_a_publish_raises_no_alarm_whoever_is_first(stage: Stage, behind: str):
    target = stage.target("edge")
    assert target.look().ok
    snapshot = stage.freeze(probing.site(home=WELCOME + behind.encode()))
    if behind == "the edge":
        stage.want(snapshot)
    else:
        stage.flip(snapshot)
        stage.lie = lambda _server, _path: stage.want(snapshot)
    assert target.look().ok
    stage.want(snapshot)
    stage.flip(snapshot)
    assert target.look().ok


def test_the_old_page_long_after_the_flip_is_an_alarm(stage: Stage):
    snapshot = stage.freeze(probing.site(home=WELCOME + b"never flipped"))
    before = livemap.read(stage.watched.home.root)
    stage.want(snapshot)
    stage.long_ago()
    seen = stage.look("edge")
    assert seen
    assert seen.what is What.STALE
    assert before
    stage.want(before)


def test_freshness_tells_how_long_after_the_flip_the_new_page_was_seen(stage: Stage):
    target = stage.target("a")
    assert "fresh" not in target.look().phases
    stage.publish(probing.site(home=WELCOME, about=b"<h1>About</h1>" + str(time.monotonic()).encode()))
    assert 0 <= target.look().phases["fresh"] < 60


def test_a_drained_cluster_is_not_looked_at(stage: Stage):
    stage.watched.ledger.want("drained:a", value=True)
    assert stage.look("a") is None
    stage.watched.ledger.want("drained:a", value=False)
    assert stage.look("a") is not None


def test_plain_http_that_does_not_lead_to_tls_is_a_wrong_redirect(stage: Stage):
    ledger, status = stage.watched.ledger, stage.watched.status
    assert status
    ledger.see("status", {**status, "address": status["address"].replace("localhost", "127.0.0.1")})
    seen = stage.look("redirect")
    ledger.see("status", status)
    assert seen
    assert seen.what is What.REDIRECT


def test_before_a_publish_there_is_nothing_to_look_at(tmp_path: Path):
    with probing.watched(tmp_path) as (watched, _):
        looks = [target.look() for target in targets.of_stack(watched, expected.Expectations(watched))]
    assert looks == [None] * len(looks)
