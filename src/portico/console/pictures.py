"""What the browser saw when its journey failed: pictures of the public site, behind the pages' gate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from portico.console.desk import Desk
from portico.console.gate import Gate

PATH = "/visitors/pictures"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.jpg")
_FORMAT = "%Y-%m-%dT%H-%M-%S"
_KEPT = {"cache-control": "private, max-age=86400, immutable"}


@dataclass(frozen=True, slots=True)
class Picture:
    """`at` is when the journey set out."""

    address: str
    at: float


def address(file: Path) -> Picture:
    at = datetime.strptime(file.stem, _FORMAT).replace(tzinfo=UTC).timestamp()
    return Picture(f"{PATH}/{file.name}", at)


def routes(desk: Desk, gate: Gate) -> list[Route]:
    def show(request: Request) -> Response:
        if not gate.who(request):
            return PlainTextResponse("sign in first\n", 401)
        name = request.path_params["name"]
        file = desk.home.journey / name
        if not _NAME.fullmatch(name) or not file.is_file():
            return PlainTextResponse("there is no such picture\n", 404)
        return FileResponse(file, media_type="image/jpeg", headers=_KEPT)

    return [Route(f"{PATH}/{{name}}", show, methods=["GET"], name="journey-picture")]
