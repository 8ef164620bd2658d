"""Unix sockets work at paths that are longer than the kernel's 107 bytes."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from portico.kit import unixsocket


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/page" else 404)
        self.end_headers()
        self.wfile.write(f"{self.path} at {self.headers['host']}".encode())

    def log_message(self, *args):
        pass

    def address_string(self):
        return "unix"


class Server(HTTPServer):
    address_family = socket.AF_UNIX

    def server_bind(self):
        with unixsocket.reachable(self.server_address) as address:
            self.socket.bind(address)


@pytest.fixture(params=["short", "x" * 100 + "/" + "y" * 100])
def path(request, tmp_path):
    folder = tmp_path / request.param
    folder.mkdir(parents=True)
    return folder / "http.sock"


@pytest.fixture
def server(path):
    with Server(path, Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield path
        server.shutdown()
        thread.join()


def test_a_server_is_reached_at_any_path(server):
    assert unixsocket.get(server, "/page", timeout=60) == (200, b"/page at localhost")


def test_an_answer_that_is_no_200_is_an_answer(server):
    assert unixsocket.get(server, "/other", timeout=60)[0] == 404


def test_nobody_listening_is_an_os_error(path):
    with pytest.raises(OSError, match="No such file"):
        unixsocket.get(path, "/page", timeout=60)


def test_an_answer_that_is_no_http_is_an_os_error(path):
    def answer():
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.sendall(b"hello\r\n")
        connection.close()

    with socket.socket(socket.AF_UNIX) as listener:
        with unixsocket.reachable(path) as address:
            listener.bind(address)
        listener.listen()
        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(OSError, match="no HTTP answer"):
            unixsocket.get(path, "/page", timeout=60)
        thread.join()


def test_who_never_answers_is_given_up(path):
    with socket.socket(socket.AF_UNIX) as listener:
        with unixsocket.reachable(path) as address:
            listener.bind(address)
        listener.listen()
        with pytest.raises(TimeoutError):
            unixsocket.get(path, "/page", timeout=0.05)
