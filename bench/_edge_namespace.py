"""An edge and a replica on the standard ports, with the starter page, for `observatory.py`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from portico.config.home import Home
from portico.edge import livemap, render, tls
from portico.edge.spec import EdgeSpec, Server
from portico.snapshot import folder, freeze
from portico.store import signing
from portico.store.layout import Store

HOSTS = ("localhost", "127.0.0.1")


def door(root: Path, running: ExitStack) -> Path:
    """Serve the starter page at https://localhost/ until `running` ends; returns the CA to trust."""
    home = Home(root / "home").create()
    tls.provide(home, HOSTS, None, datetime.now(UTC))
    signing.create_keys(home.signing_key, home.public_key)
    key = signing.load_private(home.signing_key)
    frozen = freeze.freeze(folder.Folder(folder.starter()), Store(home.origin), home.freezer, key)
    livemap.write(home.root, frozen.id)
    home.replica_run("a1").mkdir()
    replica = [sys.executable, "-m", "portico.replica", "--store", "origin", "--key", "signing.pub"]
    _run([*replica, "--socket", "run/a1/http.sock", "--name", "a1"], home, running)
    spec = EdgeSpec(hosts=HOSTS, https_port=443, servers=(Server("a1", "a", "run/a1/http.sock"),))
    (home.edge / "haproxy.cfg").write_text(render.haproxy_cfg(spec))
    _run(
        ["haproxy", "-db", "-f", "edge/haproxy.cfg"],
        home,
        running,
        PORTICO_FD_HTTPS=_listening(443, running),
        PORTICO_FD_HTTP=_listening(80, running),
    )
    while not home.replica_socket("a1").exists():
        time.sleep(0.02)
    return tls.ca_pem(home)


def _listening(port: int, running: ExitStack) -> int:
    made = running.enter_context(closing(socket.socket()))
    made.bind(("127.0.0.1", port))
    made.listen(64)
    return made.fileno()


def _run(command: list[str], home: Home, running: ExitStack, **descriptors: int) -> None:
    process = subprocess.Popen(
        command,
        cwd=home.root,
        env=os.environ | {name: str(number) for name, number in descriptors.items()},
        pass_fds=tuple(descriptors.values()),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    running.callback(process.wait)
    running.callback(process.terminate)
