"""Load on one endpoint: wrk for how much, h2load for how long an answer takes at a given rate."""

from __future__ import annotations

import http.client
import re
import shutil
import ssl
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from _edge_peers import Endpoint
from _edge_site import ASSET, HOT

CONNECTIONS = 64
BROWSER = {
    "host": "localhost",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 "
    "Safari/537.36",
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.9",
    "accept-encoding": "gzip, deflate, br, zstd",
}


@dataclass(frozen=True)
class Case:
    """`path` empty walks through the cold pages. `status` is what must come."""

    name: str
    path: str
    status: int = 200
    connections: int = CONNECTIONS


HOT_PAGE = Case("hot page", HOT)
CASES = (
    HOT_PAGE,
    Case("304", HOT, 304),
    Case("1 MB asset", ASSET, connections=16),
    Case("cold page", "", connections=32),
)


@dataclass(frozen=True)
class Measured:
    """Requests a second as seen by wrk; CPU time of the server's processes for each, in microseconds."""

    rate: float
    cpu: float


def measure(end: Endpoint, case: Case, *, secure: bool, seconds: int, walk: Path) -> Measured | str:
    """One round, or the reason why there is none."""
    port = end.tls if secure else end.plain
    if port is None:
        return "no TLS"
    headers = dict(BROWSER)
    if case.status == 304:
        etag = _first(port, case, secure=secure).getheader("etag")
        if etag is None:
            return "no ETag"
        headers["if-none-match"] = etag
    if case.status == 304 and shutil.which("h2load") is None:
        return "h2load isn't installed"
    play = _h2load if case.status == 304 else _wrk
    before = _cpu(end.pids)
    total, rate, bad = play(port, case, headers, secure=secure, seconds=seconds, walk=walk)
    spent = _cpu(end.pids) - before
    if bad or not total:
        return f"{bad} of {total} answers were wrong"
    return Measured(rate, spent / total * 1e6)


def check(end: Endpoint, case: Case, body: bytes, *, secure: bool) -> None:
    """Every server must send the same bytes before it is compared."""
    port = end.tls if secure else end.plain
    if port is None or not case.path:
        return
    answer = _first(port, case, secure=secure)
    if (answer.status, answer.read()) != (200, body):
        raise ValueError(f"{case.name}: other bytes than ours came with status {answer.status}")


def percentiles(end: Endpoint, rate: float, seconds: int, folder: Path) -> tuple[float, float] | str:
    """p50 and p99 of the hot page over TLS at that rate, in milliseconds, over 32 connections."""
    if shutil.which("h2load") is None:
        return "h2load isn't installed"
    log = folder / "h2load.tsv"
    log.unlink(missing_ok=True)
    named = [word for name, value in BROWSER.items() if name != "host" for word in ("-H", f"{name}: {value}")]
    command = [
        "taskset",
        "--cpu-list",
        "0",
        "h2load",
        "--h1",
        "--clients=32",
        f"--rps={max(1, rate / 32):.0f}",
    ]
    command += [f"--duration={seconds}", f"--log-file={log}", *named, f"https://localhost:{end.tls}{HOT}"]
    subprocess.run(command, capture_output=True, check=False)
    times = [
        int(fields[2]) / 1000 for fields in map(str.split, log.read_text().splitlines()) if fields[1] == "200"
    ]
    if len(times) < 100:
        return "h2load got no answers"
    cut = statistics.quantiles(times, n=100)
    return cut[49], cut[98]


def _first(port: int, case: Case, *, secure: bool) -> http.client.HTTPResponse:
    context = ssl._create_unverified_context() if secure else None  # noqa: S323, SLF001 - a bench's own server
    connection = (
        http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
        if secure
        else http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    )
    connection.request("GET", case.path, headers=BROWSER)
    return connection.getresponse()


def _wrk(
    port: int, case: Case, headers: dict[str, str], *, secure: bool, seconds: int, walk: Path
) -> tuple[int, float, int]:
    """Answers, answers a second, and how many had another status than the case's."""
    url = f"{'https' if secure else 'http'}://127.0.0.1:{port}{case.path or '/'}"
    named = [word for name, value in headers.items() for word in ("-H", f"{name.title()}: {value}")]
    command = ["taskset", "--cpu-list", "0", "wrk", "-t1", f"-c{case.connections}", f"-d{seconds}s", *named]
    command += [] if case.path else ["-s", str(walk)]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    total = int(_number(r"(\d+) requests in", done.stdout))
    wrong = int(_number(r"Non-2xx or 3xx responses: (\d+)", done.stdout))
    failed = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", done.stdout)))
    return total, _number(r"Requests/sec:\s+([\d.]+)", done.stdout), wrong + failed


def _h2load(
    port: int, case: Case, headers: dict[str, str], *, secure: bool, seconds: int, walk: Path
) -> tuple[int, float, int]:
    """As `_wrk`, which waits for a body when a 304 tells the length of the 200."""
    del walk
    named = [word for name, value in headers.items() if name != "host" for word in ("-H", f"{name}: {value}")]
    command = ["taskset", "--cpu-list", "0", "h2load", "--h1", f"--clients={case.connections}"]
    command += [
        f"--duration={seconds}",
        *named,
        f"{'https' if secure else 'http'}://localhost:{port}{case.path}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    total = int(_number(r"requests: (\d+) total", done.stdout))
    right = int(_number(r"(\d+) 3xx", done.stdout))
    return total, _number(r"([\d.]+) req/s", done.stdout), total - right


def write_walk(folder: Path, paths: tuple[str, ...]) -> Path:
    """A wrk script that asks for one path after the other."""
    listed = ", ".join(f'"{path}"' for path in paths)
    script = folder / "walk.lua"
    script.write_text(
        f"local paths = {{{listed}}}\nlocal at = 0\n"
        "request = function() at = at % #paths + 1 return wrk.format(nil, paths[at]) end\n"
    )
    return script


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found.group(1)) if found else 0.0


def _cpu(pids: tuple[int, ...]) -> float:
    """Seconds of CPU that these processes and their children have had."""
    return sum(_own_cpu(one) for pid in pids for one in _family(pid))


def _family(pid: int) -> list[int]:
    process = psutil.Process(pid)
    return [pid, *(child.pid for child in process.children(recursive=True))]


def _own_cpu(pid: int) -> float:
    """Of all threads, in nanoseconds in Linux; elsewhere in ticks."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except OSError:
        times = psutil.Process(pid).cpu_times()
        return times.user + times.system
