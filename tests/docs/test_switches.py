"""What the runbooks tell to type when neither keeper nor watcher runs, typed at a real edge."""

import contextlib
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portico.edge import livemap, shield, tls
from portico.respond.actions import causes
from portico.store import check, copy
from portico.store.layout import Store
from support import echoing, edging, snapshots
from support.pages import ROOT, Page
from support.snapshots import HTML

FOLDER = ROOT / "docs" / "runbooks"
HEADING = "### Without a control plane\n"
NAMED = sorted(
    causes.ERRING
    | causes.GROWING
    | causes.FLOODED
    | causes.FULL
    | causes.SPOILT
    | causes.CERTIFICATE
    | causes.FELT
    | {causes.CLUSTER, "replica-hung", "disk-full"}
)
"""The alerts that call for an action, and the two whose action the keeper or a person takes."""

pytestmark = pytest.mark.skipif(
    not shutil.which("haproxy") or not shutil.which("socat"), reason="haproxy or socat is not installed"
)


def blocks(name: str) -> list[str]:
    text = Page(FOLDER / f"{name}.md").text
    section = text.split(HEADING)[1].split("\n## ")[0]
    return re.findall(r"^```sh\n(.+?)^```$", section, re.MULTILINE | re.DOTALL)


def typed(block: str, home: Path, **environment: str) -> str:
    done = subprocess.run(
        ["sh", "-euc", block],
        cwd=home,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def edge(tmp_path):
    names = ("a1", "a2", "b1", "b2")
    with contextlib.ExitStack() as running:
        edge = running.enter_context(edging.prepared(tmp_path, servers=edging.servers(*names)))
        for name in (*names, "mirror"):
            running.enter_context(echoing.replica(tmp_path, name))
        edge.start()
        edging.until(lambda: all(seen.up for seen in edge.runtime.servers().values()), "all servers to be up")
        yield edge
        edge.stop()


def admin(edge) -> dict[str, str]:
    return {name: seen.admin for name, seen in edge.runtime.servers().items()}


@pytest.mark.parametrize("name", NAMED)
def test_each_alert_that_calls_for_an_action_says_how_without_a_control_plane(name):
    assert HEADING in Page(FOLDER / f"{name}.md").text
    assert blocks(name)


def test_the_same_switch_is_the_same_wherever_it_stands():
    first = {blocks(name)[0] for name in causes.FELT}
    assert len(first) == 1
    (switch,) = first
    assert switch == Page(FOLDER / "keeper-down.md").code("sh")[0]
    assert blocks("edge-flood") == blocks("edge-connections-near-limit")


@pytest.mark.parametrize("name", ["replica-errors", "replica-hung", "replica-memory"])
def test_a_replica_is_taken_out_and_brought_back(edge, name):
    out, back = blocks(name)
    typed(out, edge.home.root)
    assert admin(edge) == {"a1": "drain", "a2": "ready", "b1": "ready", "b2": "ready", "mirror": "ready"}
    typed(back, edge.home.root)
    assert set(admin(edge).values()) == {"ready"}


def test_a_cluster_is_drained_and_brought_back_and_the_mirror_answers_alone(edge):
    out, back, mirror = blocks("cluster-answers-wrong")
    typed(out, edge.home.root)
    assert admin(edge) == {"a1": "ready", "a2": "ready", "b1": "drain", "b2": "drain", "mirror": "ready"}
    typed(back, edge.home.root)
    assert set(admin(edge).values()) == {"ready"}
    typed(mirror, edge.home.root)
    assert edge.get("/page").status == 200
    assert admin(edge) == dict.fromkeys(("a1", "a2", "b1", "b2"), "drain") | {"mirror": "ready"}


def test_the_shield_is_raised_and_taken_down(edge):
    up, down = blocks("edge-flood")
    wanted = shield.values(replace(edge.spec, shield=True))
    assert all(f"{name} int({value})" in up for name, value in wanted.items())
    assert all(f"{name} int({value})" in down for name, value in shield.values(edge.spec).items())
    typed(up, edge.home.root)
    assert shield.is_up(edge.runtime) is True
    typed(down, edge.home.root)
    assert shield.is_up(edge.runtime) is False


def test_a_rollback_is_switched(edge):
    typed(blocks("slo-burning-fast")[0], edge.home.root, ID=edging.NEXT)
    assert edge.runtime.live() == edging.NEXT
    assert livemap.read(edge.home.root) == edging.NEXT


@pytest.mark.parametrize("name", ["certificate-expiring", "certificate-chain"])
def test_another_certificate_is_shown(edge, name, tmp_path):
    new = tmp_path / "new.pem"
    shutil.copy(tls.site_pem(edge.home), new)
    tls.renew(edge.home, edging.HOSTS, None, datetime.now(UTC))
    renewed = tls.site_pem(edge.home).read_text()
    shutil.copy(new, tls.site_pem(edge.home))
    new.write_text(renewed)
    with edge.secure() as connection:
        before = connection.getpeercert(binary_form=True)
    said = typed(blocks(name)[0], edge.home.root, NEW=str(new))
    assert "Success" in said
    with edge.secure() as connection:
        assert connection.getpeercert(binary_form=True) != before
    assert tls.site_pem(edge.home).read_text() == renewed


def test_a_body_is_brought_from_the_other_cluster(tmp_path):
    keys = snapshots.keys(tmp_path)
    stores = {name: Store(tmp_path / "clusters" / name / "store") for name in ("a", "b")}
    for store in stores.values():
        store.create()
    page = snapshots.Page(HTML, b"<h1>Hello</h1>" * 99, encodings=("br", "gzip"))
    live = snapshots.build(stores["b"], keys.private, {"/": page})
    copy.snapshot(stores["b"], stores["a"], live, keys.public)
    bad = next(path for path in sorted(stores["a"].files()) if path.suffix == ".br")
    for path in (bad, stores["a"].body(bad.stem)):
        path.chmod(0o644)
        path.write_bytes(b"spoilt")
    assert check.snapshot(stores["a"], live, keys.public).bad
    typed(blocks("body-refused")[0], tmp_path, BODY=bad.stem)
    assert check.snapshot(stores["a"], live, keys.public).bad == ()


def test_a_spoilt_copy_is_not_brought(tmp_path):
    keys = snapshots.keys(tmp_path)
    store = Store(tmp_path / "clusters" / "b" / "store")
    store.create()
    snapshots.build(store, keys.private, {"/": snapshots.Page(HTML, b"<h1>Hello</h1>" * 99)})
    spoilt = min(store.files())
    spoilt.chmod(0o644)
    spoilt.write_bytes(b"spoilt")
    done = subprocess.run(
        ["sh", "-euc", blocks("body-refused")[0]],
        cwd=tmp_path,
        env={**os.environ, "BODY": spoilt.name},
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert not (tmp_path / "clusters" / "a").exists()


@pytest.mark.parametrize("name", ["disk-low", "inodes-low", "disk-full"])
def test_long_logs_are_emptied_and_short_ones_kept(tmp_path, name):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "edge.log").write_bytes(bytes(2 << 20))
    (tmp_path / "logs" / "a1.log").write_text("short\n")
    typed(blocks(name)[0], tmp_path)
    assert (tmp_path / "logs" / "edge.log").stat().st_size == 0
    assert (tmp_path / "logs" / "a1.log").read_text() == "short\n"
