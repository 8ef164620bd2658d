"""What visitors send, through a real edge to real replicas of two clusters."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from portico.edge import livemap, shield
from portico.edge.spec import Limits
from portico.intake import journal
from portico.kit import unixsocket
from support import dying, edging, h2visitor, posting, smalldisk
from support.edging import Edge
from support.posting import GOOD, JSON, SENT, Clusters, Reply

FORM = "/-/intake/contact"
LIMITS = Limits(posts_per_minute=8, usual_posts_per_minute=4, usual_posts_per_second=10_000)


@dataclass
class Site:
    """`post` comes from an address of its own each time, unless told which."""

    edge: Edge
    clusters: Clusters
    visitors: int = 1

    @property
    def ours(self) -> str:
        return f"https://{self.edge.host}"

    def post(
        self, fields: Mapping[str, str], *, path: str = FORM, address: str = "", **headers: str
    ) -> Reply:
        return self.send(urlencode(fields).encode(), path=path, address=address, **headers)

    def send(
        self, body: bytes, *, path: str = FORM, address: str = "", method: str = "POST", **headers: str
    ) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return posting.ask(self.visitor(address), method, path, body, SENT | named)

    def visitor(self, address: str = "") -> http.client.HTTPSConnection:
        self.visitors += 1
        return http.client.HTTPSConnection(
            "localhost",
            self.edge.https_port,
            timeout=edging.PATIENCE_S,
            context=self.edge.context(),
            source_address=(address or f"127.0.{self.visitors // 250}.{self.visitors % 250 + 2}", 0),
        )

    def on_disk(self) -> dict[str, list[str]]:
        return {name: self.clusters.names(name) for name in ("a", "b")}


@contextlib.contextmanager
def running(root: Path, *names: str, limits: Limits = LIMITS) -> Iterator[Site]:
    with (
        edging.prepared(root, servers=edging.servers(*names), limits=limits) as edge,
        posting.running(root) as clusters,
    ):
        livemap.write(root, clusters.snapshot)
        site = Site(edge, clusters)
        yield site
        edge.stop()


def start(site: Site, *names: str) -> None:
    site.clusters.run(*names)
    site.edge.start()


def up(site: Site, *names: str) -> None:
    edging.until(
        lambda: {*names} <= {name for name, seen in site.edge.runtime.servers().items() if seen.up}, "up"
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """For tests that kill nobody."""
    with running(tmp_path_factory.mktemp("posts"), "a1", "b1") as made:
        start(made, "a1", "b1")
        up(made, "a1", "b1")
        yield made


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path, "a1", "a2", "b1", limits=Limits()) as made:
        yield made


def said(message: str) -> dict[str, str]:
    return GOOD | {"message": message}


def test_a_post_through_the_edge_is_on_the_disks_of_both_clusters(site: Site):
    answer = site.post(said("through the edge"), origin=site.ours, sec_fetch_site="same-origin")
    assert (answer.status, answer.headers["location"], answer.headers["cache-control"]) == (
        303,
        "/thanks/",
        "no-store",
    )
    for cluster in "a", "b":
        assert "through the edge" in [one.fields["message"] for one in site.clusters.posts(cluster)]


def test_with_any_accept_encoding_and_a_query_it_arrives(site: Site):
    for number, coding in enumerate((edging.BROWSER, "gzip, deflate, br", "gzip", "identity")):
        words = said(f"coding {number}")
        assert site.post(words, path=f"{FORM}?utm=x", accept_encoding=coding, **JSON).said["ok"] is True


def test_a_post_over_h2_arrives_as_well(site: Site):
    body = urlencode(said("over h2")).encode()
    answer = h2visitor.ask(
        site.edge,
        FORM,
        method="POST",
        body=body,
        headers=[("content-type", SENT["content-type"]), ("content-length", str(len(body)))],
    )
    assert answer.status == 303


def test_a_long_post_arrives_whole(site: Site):
    long = "x" * 29_000
    assert site.post(said(long)).status == 303
    assert long in [one.fields["message"] for one in site.clusters.posts("b")]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "null", "sec_fetch_site": "cross-site"},
    ],
)
def test_a_form_on_another_site_can_not_post_here(site: Site, headers: dict[str, str]):
    before = site.on_disk()
    assert site.post(said("cross-site"), **headers).status == 403
    assert site.on_disk() == before


def test_who_hides_where_he_comes_from_may_post_from_this_site(site: Site):
    assert site.post(said("hidden"), origin="null", sec_fetch_site="same-origin").status == 303


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content_type": "multipart/form-data; boundary=x"}, b"x", 415),
        ({"content_type": "application/json"}, b"{}", 415),
        ({"content_type": "application/x-www-form-urlencodedx"}, b"{}", 415),
        ({"host": "example.org"}, b"name=x", 421),
    ],
)
def test_what_is_no_form_of_this_site_never_reaches_a_replica(
    site: Site, headers: dict[str, str], body: bytes, status: int
):
    before = site.clusters.counted("a1"), site.clusters.counted("b1")
    assert site.send(body, **headers).status == status
    after = site.clusters.counted("a1"), site.clusters.counted("b1")
    assert [refusals(one) for one in after] == [refusals(one) for one in before]


def refusals(counted: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in counted.items() if "refused_" in name}


def test_a_body_that_says_it_is_too_long_is_not_waited_for(site: Site):
    head = f"POST {FORM} HTTP/1.1\r\nhost: {site.edge.host}\r\nconnection: close\r\n"
    asked = f"{head}content-length: 65537\r\ncontent-type: {SENT['content-type']}\r\n\r\nname="
    assert site.edge.raw(asked.encode()).startswith(b"HTTP/1.1 413 ")


def test_a_body_without_a_length_is_refused(site: Site):
    head = f"POST {FORM} HTTP/1.1\r\nhost: {site.edge.host}\r\nconnection: close\r\n"
    kind = f"transfer-encoding: chunked\r\ncontent-type: {SENT['content-type']}\r\n"
    asked = f"{head}{kind}\r\n6\r\nname=x\r\n0\r\n\r\n"
    assert site.edge.raw(asked.encode()).startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize(
    "path", ["/", "/page", "/-/intake/", "/-/intake", "/-/live", "/-/copy/x", "//-/intake/contact"]
)
def test_nothing_else_can_be_posted_to(site: Site, path: str):
    assert site.post(GOOD, path=path).status in {404, 405}


@pytest.mark.parametrize(
    "path", ["/-/intake/Contact", "/-/intake/a/b", "/-/intake/%63ontact", "/-/intake/other"]
)
def test_there_is_no_such_form(site: Site, path: str):
    assert site.post(GOOD, path=path).status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_form_takes_posts_alone(site: Site, method: str):
    assert site.send(b"", path=FORM, method=method).status == 405


@pytest.mark.parametrize("coding", [edging.BROWSER, "gzip"])
def test_what_is_behind_a_form_is_not_shown_to_visitors(site: Site, coding: str):
    for path in FORM, "/%2D/intake/contact":
        for _ in range(2):
            answer = site.edge.get(path, accept_encoding=coding)
            assert answer.status == 405
            assert "email" not in answer.text
    for path in "/-/live", "/-/ready", "/-/metrics", "/-/copy/x":
        assert site.edge.get(path, accept_encoding=coding).status == 404


def test_a_visitor_can_not_ask_for_a_proof_nor_speak_as_a_replica(site: Site):
    assert site.post(said("suspicious by his own word"), x_portico_suspicious="yes", **JSON).status == 200


def test_who_posts_more_often_than_people_do_is_asked_for_work_and_then_refused(site: Site):
    statuses = [site.post(said(f"often {n}"), address="127.0.9.9", **JSON).status for n in range(10)]
    assert statuses == [200] * 4 + [428] * 4 + [429] * 2
    again = site.post(GOOD, address="127.0.9.9")
    assert int(again.headers["retry-after"]) > 0
    assert site.post(said("another visitor"), **JSON).status == 200
    assert site.edge.get("/").status == 200, "he may read on"


def test_when_everybody_posts_at_once_everybody_is_asked_for_work(fragile: Site):
    fragile.edge.spec = replace(fragile.edge.spec, limits=Limits(usual_posts_per_second=0))
    start(fragile, "a1", "b1")
    up(fragile, "a1", "b1")
    assert fragile.post(GOOD, **JSON).status == 428


def test_under_the_shield_every_post_needs_work(site: Site):
    with raised(site.edge):
        assert site.post(said("under the shield"), **JSON).status == 428
    assert site.post(said("under the shield"), **JSON).status == 200


@contextlib.contextmanager
def raised(edge: Edge) -> Iterator[None]:
    shield.switch(edge.runtime, replace(edge.spec, shield=True))
    try:
        yield
    finally:
        shield.switch(edge.runtime, edge.spec)


def test_a_double_click_makes_one_entry_whichever_replicas_answer(site: Site):
    words = said("a double click")
    clicks = [threading.Thread(target=site.post, args=(words,)) for _ in range(4)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    keys = {one.key for cluster in "ab" for one in site.clusters.posts(cluster) if one.fields == words}
    assert len(keys) == 1
    assert site.post(words).status == 303


@pytest.mark.parametrize("moment", dying.MOMENTS)
def test_a_replica_killed_in_the_middle_of_a_post_costs_nobody_anything(fragile: Site, moment: str):
    """The edge tries it again elsewhere; the key makes it the same post."""
    fragile.clusters.run("a1", dies=moment)
    start(fragile, "a2", "b1")
    up(fragile, "a1", "a2", "b1")
    dead, sent = fragile.clusters.replicas["a1"], 0
    while dead.poll() is None:
        assert sent < 50, "it was never asked"
        assert fragile.post(said(f"post {sent}")).status == 303
        sent += 1
    kept = {cluster: fragile.clusters.posts(cluster) for cluster in "ab"}
    for cluster in "ab":
        found = [one.fields["message"] for one in kept[cluster]]
        assert sorted(found) == sorted(f"post {number}" for number in range(sent))
    assert {one.key for one in kept["a"]} == {one.key for one in kept["b"]}


def test_with_one_cluster_dead_posts_go_on_and_are_copied_when_it_is_back(fragile: Site):
    start(fragile, "a1", "b1")
    up(fragile, "a1", "b1")
    fragile.clusters.kill("b1")
    assert [fragile.post(said(f"alone {number}")).status for number in range(6)] == [303] * 6
    assert len(fragile.clusters.journal("a").alone()) == 6
    fragile.clusters.run("b1")
    edging.until(lambda: not fragile.clusters.journal("a").alone(), "copies of all")
    assert fragile.on_disk()["a"] == fragile.on_disk()["b"]


def test_a_cluster_whose_disk_is_full_leaves_posts_to_the_other_one(fragile: Site, tmp_path: Path):
    with smalldisk.mounted(tmp_path / "disk", "64k") as disk:
        fragile.clusters.home.intake("a").symlink_to(disk)
        start(fragile, "a1", "b1")
        up(fragile, "a1", "b1")
        fill(disk / "filler")
        assert [fragile.post(said(f"full {number}")).status for number in range(6)] == [303] * 6
        assert len(fragile.clusters.names("b")) == 6
        assert fragile.clusters.names("a") == []
        (disk / "filler").unlink()
        edging.until(lambda: len(fragile.clusters.names("a")) > 0, "copies")
        fragile.clusters.end()


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(bytes(512))


def test_a_drained_cluster_takes_no_posts_and_still_keeps_copies(fragile: Site):
    start(fragile, "a1", "b1")
    up(fragile, "a1", "b1")
    fragile.edge.runtime.set_state("a1", "drain")
    assert [fragile.post(said(f"drained {number}")).status for number in range(6)] == [303] * 6
    assert len(fragile.clusters.journal("b").names()) == 6
    assert len(fragile.clusters.journal("a", journal.COPIES).names()) == 6


def test_with_both_clusters_dead_a_post_is_told_to_come_again_and_the_mirror_takes_none(fragile: Site):
    start(fragile, "a1", "b1", "mirror")
    up(fragile, "a1", "b1")
    fragile.clusters.kill("a1", "b1")
    answer = fragile.post(GOOD)
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert b"what you wrote should still be there" in answer.body
    assert fragile.on_disk() == {"a": [], "b": []}


def test_a_body_that_trickles_in_is_cut_off_without_a_replica(fragile: Site):
    """The replica that it would hold stays free."""
    fragile.edge.spec = replace(fragile.edge.spec, limits=Limits(request_timeout=1))
    start(fragile, "a1", "b1")
    up(fragile, "a1", "b1")
    with fragile.edge.secure() as connection:
        head = f"POST {FORM} HTTP/1.1\r\nhost: {fragile.edge.host}\r\ncontent-length: 100\r\n"
        connection.sendall(f"{head}content-type: {SENT['content-type']}\r\n\r\nname=".encode())
        assert b" 408 " in connection.recv(4096)
    _, text = unixsocket.get(
        fragile.clusters.home.replica_socket("a1"), "/-/metrics", timeout=edging.PATIENCE_S
    )
    assert b"refused" not in text.replace(b"refused_files", b"")
