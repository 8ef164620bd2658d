"""The peer of `failover.py`: HAProxy as its package sets it up, with `check`, before two nginx."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from portico.edge.runtime import Runtime
from portico.kit import unixsocket
from portico.kit.errors import PorticoError
from portico.recover import load
from portico.recover.plan import Plan, Target
from portico.recover.played import Played

STRIKES = {"KILL": "a backend killed", "STOP": "a backend hung"}
WATCH_S = 15.0

HAPROXY = """
global
    stats socket {folder}/edge.sock level admin
defaults
    mode http
    # the timeouts of Debian's haproxy.cfg
    timeout connect 5000
    timeout client 50000
    timeout server 50000
frontend door
    bind 127.0.0.1:{door}
    default_backend site
backend site
    server one 127.0.0.1:{one} check
    server two 127.0.0.1:{two} check
"""

NGINX = """
daemon off; worker_processes 1; pid {folder}/{port}.pid; error_log {folder}/{port}.log;
events {{ }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/site; }}
}}
"""


def strike(name: str, rate: float) -> tuple[Played, float | None]:
    """Kill or stop one nginx under load; what was played, and seconds until HAProxy asked it no more."""
    with tempfile.TemporaryDirectory(prefix="portico-bench-") as folder, contextlib.ExitStack() as ends:
        root = Path(folder)
        root.chmod(0o755)
        door, one, two = free_ports(3)
        write(root, door, one, two)
        victim = ends.enter_context(started("nginx", "-c", f"{root}/{one}.conf"))
        ends.enter_context(started("nginx", "-c", f"{root}/{two}.conf"))
        ends.enter_context(started(haproxy(), "-f", f"{root}/haproxy.cfg"))
        wait_for(root / "edge.sock")
        plan = Plan(f"http://127.0.0.1:{door}/", (Target("/"),), rate=rate, seconds=60, timeout_s=30)
        with load.laid(plan) as playing:
            playing.wait_steady(2, 20)
            struck = time.monotonic()
            os.killpg(victim.pid, signal.Signals[f"SIG{name}"])
            ejected = wait_until_down(Runtime(root / "edge.sock"), "one", struck + WATCH_S)
            time.sleep(2)
            played = playing.stop()
    return played, round(ejected - struck, 2) if ejected else None


def write(root: Path, door: int, one: int, two: int) -> None:
    (root / "site").mkdir()
    (root / "site" / "index.html").write_text("<!doctype html><title>Home</title>" + "<p>home" * 700)
    (root / "haproxy.cfg").write_text(HAPROXY.format(folder=root, door=door, one=one, two=two))
    for port in (one, two):
        (root / f"{port}.conf").write_text(NGINX.format(folder=root, port=port))


@contextlib.contextmanager
def started(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program and its children, in a process group of their own, which is killed at the end."""
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(stats: Path) -> None:
    """Until both servers are up, seen from HAProxy."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, PorticoError):
            unixsocket.connect(stats, 1).close()
            if all(server.check == "L4OK" for server in Runtime(stats).servers().values()):
                return
        time.sleep(0.05)
    raise SystemExit("the plain HAProxy didn't start")


def wait_until_down(runtime: Runtime, server: str, deadline: float) -> float | None:
    while time.monotonic() < deadline:
        if not runtime.servers()[server].up:
            return time.monotonic()
        time.sleep(0.02)
    return None


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def haproxy() -> str:
    return shutil.which("haproxy") or "/usr/sbin/haproxy"


if __name__ == "__main__":
    for name in STRIKES:
        print(strike(name, 100))
