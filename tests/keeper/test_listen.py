import os
import socket
import subprocess
import sys

import pytest

from portico.config.models import Edge
from portico.keeper import listen
from portico.kit.errors import UnavailableError

_TELL_PORTS = """
import socket
from portico.keeper import listen
print(*(socket.socket(fileno=fd).getsockname()[1] for fd in listen.inherited().fds))
"""


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def bind(edge: Edge, remembered) -> listen.Ports:
    sockets, ports = listen.bind(edge, remembered)
    for fd in sockets.fds:
        os.close(fd)
    return ports


def test_the_asked_port_is_taken_when_it_is_free(tmp_path, taken):
    free = bind(Edge(https_port=0, http_port=0), tmp_path / "ports.json")
    asked = Edge(https_port=free.https, http_port=free.http)
    ports = bind(asked, tmp_path / "ports.json")
    assert (ports.https, ports.http) == (free.https, free.http)


def test_a_port_in_use_gives_a_free_one_and_the_next_start_takes_the_same(tmp_path, taken):
    edge = Edge(https_port=taken, http_port=taken)
    first = bind(edge, tmp_path / "ports.json")
    assert taken not in {first.https, first.http}
    assert bind(edge, tmp_path / "ports.json") == first


def test_a_change_of_the_asked_port_wins_over_the_remembered_one(tmp_path, taken):
    bind(Edge(https_port=taken, http_port=taken), tmp_path / "ports.json")
    free = bind(Edge(https_port=0, http_port=0), tmp_path / "other.json")
    asked = Edge(https_port=free.https, http_port=free.http)
    assert bind(asked, tmp_path / "ports.json").https == free.https


def test_an_address_that_is_not_ours_is_a_clear_error(tmp_path):
    with pytest.raises(UnavailableError, match=r"edge/listen: can't listen on port \d+ of 192\.0\.2\.1"):
        listen.bind(Edge(listen="192.0.2.1"), tmp_path / "ports.json")


def test_a_child_inherits_the_sockets_by_name(tmp_path):
    sockets, ports = listen.bind(Edge(https_port=0, http_port=0), tmp_path / "ports.json")
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            _TELL_PORTS,
        ],
        env=listen.environment(sockets),
        pass_fds=sockets.fds,
        capture_output=True,
        text=True,
        check=True,
    )
    for fd in sockets.fds:
        os.close(fd)
    assert told.stdout.split() == [str(ports.https), str(ports.http)]


def test_systemds_sockets_are_taken_by_their_names():
    environ = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2", "LISTEN_FDNAMES": "http:https"}
    assert listen.inherited(environ) == listen.Sockets(https=4, http=3)
    assert listen.inherited({**environ, "LISTEN_PID": "1"}) is None
