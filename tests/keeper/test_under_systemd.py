"""systemd holds the sockets and starts the keeper again: its protocol, spoken by a stand-in."""

import fcntl
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from portico.config.home import Home
from support.edging import listening
from support.stack import Stack, end, get, portico, until, write_settings

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3, inheritable=True)
os.dup2(int(sys.argv[2]), 4, inheritable=True)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2", "LISTEN_FDNAMES": "https:http"}
os.execv(sys.argv[3], sys.argv[3:])
"""


@pytest.fixture
def sockets():
    """The listening sockets, which outlive every process of the stack."""
    bound = [listening(), listening()]
    high = [fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in bound]
    for one in bound:
        one.close()
    yield high
    for fd in high:
        os.close(fd)


@contextmanager
def service(sockets, home, settings):
    """What the service unit starts; KillMode=process: only this very process ends with the block."""
    keeper = [sys.executable, "-m", "portico.keeper", str(home.root), str(settings)]
    command = [sys.executable, "-c", AS_SYSTEMD, *map(str, sockets), *keeper]
    with subprocess.Popen(command, pass_fds=sockets, stderr=subprocess.DEVNULL) as started:
        try:
            yield started
        finally:
            started.kill()


def test_systemd_keeps_the_keeper_and_the_site_outlives_it(tmp_path, sockets):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<!doctype html><title>one</title>one")
    home, settings = Home(tmp_path / "home"), write_settings(tmp_path / "portico.toml", site)
    cli = ("--config", str(settings), "--home", str(home.root))
    try:
        with service(sockets, home, settings) as keeper:
            until(lambda: portico(*cli, "status").returncode == 0, what="the keeper's first look")
            published = portico(*cli, "publish")
            assert published.returncode == 0, published.stderr
            stack = Stack(home, settings, address(cli), home.ca / "ca.pem")
            assert stack.get("/").status == 200
            assert "guard" not in stack.alive()
            assert stack.pid("keeper") == keeper.pid
            before = {part: pid for part, pid in stack.alive().items() if part != "keeper"}
            keeper.send_signal(signal.SIGKILL)
            keeper.wait()
        assert get(stack.address, stack.ca, "/").status == 200
        with service(sockets, home, settings) as keeper:
            until(
                lambda: stack.status()["keeper"]["pid"] == keeper.pid, what="the keeper that systemd started"
            )
            after = stack.alive()
            assert {part: pid for part, pid in after.items() if part != "keeper"} == before
    finally:
        end(home)


def address(cli):
    told = portico(*cli, "status", "--json").stdout
    return re.search(r'"address": "(.+?)"', told)[1]


def test_the_units_name_the_sockets_as_the_keeper_expects_them():
    for name, port in (("https", 443), ("http", 80)):
        unit = (UNITS / f"portico-{name}.socket").read_text()
        assert f"FileDescriptorName={name}\n" in unit
        assert f"ListenStream={port}\n" in unit
    assert "KillMode=process\n" in (UNITS / "portico.service").read_text()
