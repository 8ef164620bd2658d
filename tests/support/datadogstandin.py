"""A local stand-in for Datadog's HTTP API: it takes what the client's own models take, keeps it, and errs."""

from __future__ import annotations

import gzip
import json
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from portico.config.datadog import Datadog
from support import datadogmodels
from support.datadogmodels import Operation

API_KEY, APP_KEY = "a" * 32, "b" * 40


@cache
def _operations() -> list[Operation]:
    return datadogmodels.operations()


@dataclass(frozen=True)
class Seen:
    operation: str
    body: Any
    query: dict[str, str]
    headers: dict[str, str]
    path: dict[str, str]


@dataclass
class Fault:
    """What goes wrong with the next requests of this operation (all, without one)."""

    status: int
    times: int = 1
    operation: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False
    """The request is carried out, and the answer gets lost: the connection is cut."""


class StandIn:
    """`seen` are the requests that fitted, `misfits` says what was wrong with the others: must stay empty."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.misfits: list[str] = []
        self.faults: list[Fault] = []
        self.kept: dict[str, dict[str, dict[str, Any]]] = {
            "monitor": {}, "slo": {}, "dashboard": {}, "synthetic": {},
        }  # fmt: skip
        self.refuses_keys = False
        self.did: Callable[[Seen], None] = lambda _: None
        """Called when a request was carried out, before it is answered."""
        self._numbers = count(1001)
        self._mutex = threading.Lock()
        self.address = ""

    def of(self, operation: str) -> list[Seen]:
        return [one for one in self.seen if one.operation == operation]

    def by_slug(self, kind: str) -> dict[str, dict[str, Any]]:
        """The kept objects of a kind by what they are called in the ledger."""
        found = {}
        for one in self.kept[kind].values():
            words = [*(one.get("tags") or []), *str(one.get("description") or "").split()]
            slug = next((word for word in words if word.startswith("portico_object:")), "")
            found[slug.partition(":")[2]] = one
        return found

    def settings(self, folder: Path, **more: Any) -> Datadog:
        for name, key in (("api.key", API_KEY), ("app.key", APP_KEY)):
            (folder / name).write_text(f"{key}\n")
        files = {"api_key_file": folder / "api.key", "app_key_file": folder / "app.key"}
        return Datadog(address=self.address, **{**files, **more})

    # one request

    def answer(
        self, method: str, target: str, headers: dict[str, str], raw: bytes
    ) -> tuple[int, dict[str, str], Any] | None:
        """Status, headers and body; None cuts the connection."""
        parts = urlsplit(target)
        for operation in _operations():
            variables = operation.takes(method, parts.path)
            if variables is not None:
                query = dict(parse_qsl(parts.query))
                return self._operate(
                    operation, Seen(operation.name, _body(raw, headers), query, headers, variables)
                )
        self.misfits.append(f"{method} {parts.path} is nothing that the client knows")
        return 404, {}, {"errors": ["Not found"]}

    def _operate(self, operation: Operation, seen: Seen) -> tuple[int, dict[str, str], Any] | None:
        if why := self._forbidden(operation, seen):
            return 403, {}, {"errors": [why]}
        if wrong := list(_misfits(operation, seen)):
            self.misfits += [f"{operation.name}: {one}" for one in wrong]
            return 400, {}, {"errors": wrong}
        with self._mutex:
            fault = self._fault(operation.name)
            if fault and not fault.done:
                return fault.status, fault.headers, {"errors": ["as the test wishes"]}
            self.seen.append(seen)
            status, value = self._do(seen)
            self.did(seen)
        if status < 300 and (wrong := datadogmodels.faults(value, operation.answer)):
            self.misfits += [f"our own answer to {operation.name}: {one}" for one in wrong]
        return None if fault else (status, {}, value)

    def _forbidden(self, operation: Operation, seen: Seen) -> str:
        if self.refuses_keys or seen.headers.get("dd-api-key") != API_KEY:
            return "Forbidden"
        app = "appKeyAuth" in operation.auth
        return "Forbidden" if app and seen.headers.get("dd-application-key") != APP_KEY else ""

    def _fault(self, operation: str) -> Fault | None:
        for fault in self.faults:
            if fault.times and fault.operation in {None, operation}:
                fault.times -= 1
                return fault
        return None

    def _do(self, seen: Seen) -> tuple[int, Any]:
        known: dict[str, Callable[[Seen], tuple[int, Any]]] = {
            "submit_metrics": lambda _: (202, {"errors": []}),
            "submit_distribution_points": lambda _: (202, {"status": "ok"}),
            "submit_log": lambda _: (202, {}),
            "create_event": lambda _: (202, {"status": "ok"}),
            "submit_service_check": lambda _: (202, {"status": "ok"}),
            "validate": lambda _: (200, {"valid": True}),
            "list_monitors": self._list_monitors,
            "list_dashboards": self._list_dashboards,
            "list_slos": self._list_slos,
            "list_tests": self._list_tests,
            "delete_tests": self._delete_tests,
        }
        if seen.operation in known:
            return known[seen.operation](seen)
        return self._keep(seen)

    # what is kept

    def _keep(self, seen: Seen) -> tuple[int, Any]:
        verb, _, what = seen.operation.partition("_")
        kind = {"synthetics_api_test": "synthetic", "api_test": "synthetic"}.get(what, what)
        held = self.kept[kind]
        if verb == "create":
            return self._create(kind, seen.body)
        key = next(iter(seen.path.values()))
        if key not in held:
            return 404, {"errors": ["Not found"]}
        if verb == "delete":
            return self._delete(kind, key)
        if verb == "update":
            held[key].update(_defaults(kind, seen.body))
        return 200, _wrapped(kind, held[key], one=verb == "get")

    def _create(self, kind: str, body: dict[str, Any]) -> tuple[int, Any]:
        number = next(self._numbers)
        name, key = {
            "monitor": ("id", number),
            "slo": ("id", f"{number:032x}"),
            "dashboard": ("id", f"abc-{number}"),
            "synthetic": ("public_id", f"pub-{number}"),
        }[kind]
        made = {**_defaults(kind, body), name: key}
        if kind == "synthetic":
            made["monitor_id"] = self._monitor_of_a_test(made)
        self.kept[kind][str(key)] = made
        return 200, _wrapped(kind, made)

    def _monitor_of_a_test(self, test: dict[str, Any]) -> int:
        """As there: each test brings a monitor of its own, with the test's tags."""
        number = next(self._numbers)
        self.kept["monitor"][str(number)] = {
            "id": number, "type": "synthetics alert", "query": "no_query", "name": test["name"],
            "tags": test["tags"], "overall_state": "OK", "options": {"synthetics_check_id": "x"},
        }  # fmt: skip
        return number

    def _delete(self, kind: str, key: str) -> tuple[int, Any]:
        if kind == "slo" and any(key in str(one["query"]) for one in self.kept["monitor"].values()):
            return 409, {"errors": ["a monitor refers to it"]}
        del self.kept[kind][key]
        answers = {
            "monitor": {"deleted_monitor_id": int(key)} if kind == "monitor" else {},
            "slo": {"data": [key]},
            "dashboard": {"deleted_dashboard_id": key},
        }
        return 200, answers[kind]

    def _delete_tests(self, seen: Seen) -> tuple[int, Any]:
        gone = []
        for key in seen.body["public_ids"]:
            if test := self.kept["synthetic"].pop(key, None):
                self.kept["monitor"].pop(str(test["monitor_id"]), None)
                gone.append({"public_id": key})
        return (200, {"deleted_tests": gone}) if gone else (404, {"errors": ["Not found"]})

    def _list_monitors(self, seen: Seen) -> tuple[int, Any]:
        wanted = set(filter(None, seen.query.get("monitor_tags", "").split(",")))
        found = [one for one in self.kept["monitor"].values() if wanted <= set(one.get("tags") or [])]
        return 200, _page(found, seen, "page", "page_size") if "page" in seen.query else found

    def _list_dashboards(self, seen: Seen) -> tuple[int, Any]:
        named = ("id", "title", "description", "layout_type", "url")
        rows = [{key: one[key] for key in named if key in one} for one in self.kept["dashboard"].values()]
        start, size = int(seen.query.get("start", 0)), int(seen.query.get("count", 100))
        return 200, {"dashboards": rows[start : start + size]}

    def _list_slos(self, seen: Seen) -> tuple[int, Any]:
        tag = seen.query.get("tags_query", "")
        found = [one for one in self.kept["slo"].values() if not tag or tag in one.get("tags", [])]
        start, size = int(seen.query.get("offset", 0)), int(seen.query.get("limit", 1000))
        return 200, {"data": found[start : start + size]}

    def _list_tests(self, seen: Seen) -> tuple[int, Any]:
        """As there, without what a test looks at."""
        left_out = {"config"}
        rows = [
            {key: value for key, value in one.items() if key not in left_out}
            for one in self.kept["synthetic"].values()
        ]
        return 200, {"tests": _page(rows, seen, "page_number", "page_size")}


@contextmanager
def running() -> Iterator[StandIn]:
    """On a free port of this machine."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_one(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = stand_in.answer(self.command, self.path, headers, raw)
            if answer is None:
                self.close_connection = True
                self.connection.close()
                return
            status, more, value = answer
            body = json.dumps(value).encode()
            self.send_response(status)
            for name, told in {
                "Content-Type": "application/json",
                "Content-Length": len(body),
                **more,
            }.items():
                self.send_header(name, str(told))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one  # noqa: N815 - http.server's names

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    stand_in.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _body(raw: bytes, headers: dict[str, str]) -> Any:
    unpack = {"gzip": gzip.decompress, "deflate": zlib.decompress}.get(
        headers.get("content-encoding", ""), bytes
    )
    return json.loads(unpack(raw)) if raw else None


def _misfits(operation: Operation, seen: Seen) -> Iterator[str]:
    """By the client's word: parameters that it doesn't know, a body that its models don't take."""
    known = {told.get("attribute"): told for told in operation.params.values()}
    for name in seen.query:
        if known.get(name, {}).get("location") != "query":
            yield f"the parameter {name} is unknown"
    coded = seen.headers.get("content-encoding")
    if coded and (told := known.get("Content-Encoding")) is None:
        yield f"the body must not be in {coded}"
    elif coded:
        yield from datadogmodels.faults(coded, told["openapi_types"])
    body = operation.params.get("body")
    if (body is None) != (seen.body is None):
        yield "a body that isn't asked for, or none that is"
    elif body:
        yield from datadogmodels.faults(seen.body, body["openapi_types"])


def _defaults(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the service adds by itself, for which a difference must not be taken."""
    if kind == "monitor":
        options = {"new_host_delay": 300, "notify_audit": False, "silenced": {}, **body.get("options", {})}
        return {"overall_state": "OK", "multi": False, **body, "options": options}
    if kind == "dashboard":
        return {"author_handle": "portico@example.com", "url": "/dashboard/x", **body, "widgets": [
            {"id": number, **widget} for number, widget in enumerate(body["widgets"], 1)
        ]}  # fmt: skip
    if kind == "slo":
        bounds = [{"target_display": f"{one['target']}", **one} for one in body["thresholds"]]
        return {"created_at": 1, "monitor_tags": [], **body, "thresholds": bounds}
    return {"status": "live", **body}


def _wrapped(kind: str, value: dict[str, Any], *, one: bool = False) -> Any:
    if kind == "slo":
        return {"data": value} if one else {"data": [value]}
    return value


def _page(rows: list[dict[str, Any]], seen: Seen, page: str, size: str) -> list[dict[str, Any]]:
    number, many = int(seen.query.get(page, 0)), int(seen.query.get(size, 100))
    return rows[number * many : (number + 1) * many]
