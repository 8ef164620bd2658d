"""Two clusters of real replicas with a form in their snapshot, and somebody who posts to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from portico.cluster import local
from portico.config.home import Home
from portico.intake import journal, post, seal
from portico.intake.journal import Journal
from portico.intake.post import Post
from portico.kit import unixsocket
from portico.model import MIRROR
from portico.store import signing
from portico.store.layout import Store
from support import dying, replicas, snapshots

FORM = {
    "form": "contact",
    "language": "en",
    "thanks": "/thanks/",
    "problem": "/problem/",
    "most_bytes": 40_000,
    "honey": "website",
    "least_ms": 2000,
    "fields": [
        {"name": "name", "type": "text", "required": True, "most": 80, "choices": []},
        {"name": "email", "type": "email", "required": True, "most": 254, "choices": []},
        {"name": "message", "type": "textarea", "required": False, "most": 30_000, "choices": []},
    ],
}
GOOD = {"name": "Ada", "email": "ada@example.org", "message": "Hello"}
JSON = {"accept": "application/json"}
SENT = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.body)


def clusters(home: Home, *names: str, form: Mapping[str, Any] = FORM) -> str:
    """Keys, stores with one snapshot that has the form, and the intake's folders; the snapshot's id."""
    home.create()
    signing.create_keys(home.signing_key, home.public_key)
    seal.create_keys(home.intake_key, home.intake_public_key)
    site = {
        "/": (snapshots.HTML, b"home"),
        f"/-/intake/{form['form']}": ("application/json", json.dumps(form).encode()),
    }
    key = signing.load_private(home.signing_key)
    found = {snapshots.build(Store(home.store(name)).create(), key, site) for name in names}
    assert len(found) == 1
    return found.pop()


@dataclass
class Clusters:
    """`replicas` by name, each as the keeper would start it."""

    home: Home
    snapshot: str
    replicas: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def run(self, *names: str, dies: str = "", patient: bool = True) -> None:
        """One that `dies` does so in the middle of its first post. What is patient, `support.dying` tells."""
        for name in names:
            cluster = local.cluster_of(name)
            self.home.replica_run(name).mkdir(parents=True, exist_ok=True)
            if cluster != MIRROR:
                local._prepare_intake(self.home, cluster, None)
            command = local.command(self.home, cluster, name, retain=3, user=None)
            if dies or patient:
                command[1:3] = [str(Path(__file__).with_name("dying.py")), dies or dying.NEVER]
            with self.home.log(name).open("ab") as log:
                self.replicas[name] = subprocess.Popen(
                    command, cwd=self.home.root, stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
        for name in names:
            replicas.wait_until(lambda name=name: self.live(name), self.home.log(name).read_text)

    def live(self, name: str) -> bool:
        assert self.replicas[name].poll() is None, self.home.log(name).read_text()
        return local.ask(self.home.replica_socket(name), replicas.PATIENCE_S) is not None

    def kill(self, *names: str) -> None:
        for name in names:
            self.replicas[name].send_signal(signal.SIGKILL)
        for name in names:
            self.replicas[name].wait(replicas.PATIENCE_S)

    def end(self) -> None:
        for process in self.replicas.values():
            process.kill()
            process.wait(replicas.PATIENCE_S)

    def post(self, name: str, fields: Mapping[str, str], **headers: str) -> Reply:
        """To a replica itself."""
        return self.send(name, urlencode(fields).encode(), **headers)

    def send(
        self, name: str, body: bytes, *, form: str = "contact", method: str = "POST", **headers: str
    ) -> Reply:
        connection = unixsocket.HTTPConnection(self.home.replica_socket(name), replicas.PATIENCE_S)
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return ask(connection, method, f"/{self.snapshot}/-/intake/{form}", body, SENT | named)

    def journal(self, cluster: str, kind: str = journal.POSTS) -> Journal:
        return Journal(self.home.intake(cluster) / kind)

    def names(self, cluster: str) -> list[str]:
        """Of all posts on this cluster's disk."""
        return sorted({*self.journal(cluster).names(), *self.journal(cluster, journal.COPIES).names()})

    def posts(self, cluster: str) -> list[Post]:
        """All that are on this cluster's disk, opened."""
        opener = seal.Opener(self.home.intake_key)
        found = []
        for kind in journal.POSTS, journal.COPIES:
            kept = self.journal(cluster, kind)
            found += [post.decode(opener.open(kept.read(name))) for name in kept.names()]
        return found

    def counted(self, name: str) -> dict[str, float]:
        """The replica's own numbers about posts."""
        _, body = unixsocket.get(self.home.replica_socket(name), "/-/metrics", timeout=replicas.PATIENCE_S)
        lines = (line.rsplit(" ", 1) for line in body.decode().splitlines() if not line.startswith("#"))
        return {key.removeprefix("portico_replica_"): float(value) for key, value in lines}


@contextlib.contextmanager
def running(root: Path, *names: str, form: Mapping[str, Any] = FORM) -> Iterator[Clusters]:
    home = Home(root)
    found = {local.cluster_of(name) for name in names} | {"a", "b"}
    made = Clusters(home, clusters(home, *sorted(found), MIRROR, form=form))
    try:
        made.run(*names)
        yield made
    finally:
        made.end()


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> Reply:
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        found = {key.lower(): value for key, value in response.getheaders()}
        return Reply(response.status, found, response.read())
    finally:
        connection.close()
