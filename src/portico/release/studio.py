"""Asking the studio over its private socket: what is to be published, and what publishers wish."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import client
from pathlib import Path
from typing import Any

from portico.kit import unixsocket
from portico.kit.errors import PorticoError, SourceError, UnavailableError

FREEZE_S = 900.0
"""A full freeze of a large site, in a studio that has just begun."""

ANSWER_S = 10.0
BACKUP_S = 600.0
_WHERE = "the studio"
_HINT = "portico logs studio"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a publisher asked for; `snapshot` is what was live then."""

    id: int
    kind: str
    by: str
    snapshot: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the studio froze. `at` is when the newest change was committed; `why` is set where it can't.

    `content` is the newest revision that people made; those after it are the search index's.
    """

    revision: int | None
    content: int | None = None
    build: str = ""
    by: str = ""
    at: float = 0.0
    changed: tuple[str, ...] = ()
    takedown: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    why: str = ""
    hint: str = ""


def freeze(socket: Path, after: int | None) -> Answer:
    """Have what changed since `after` frozen. Raises UnavailableError while the studio isn't there."""
    status, said = _post(socket, "/freeze", {"after": after}, FREEZE_S)
    if status in {200, 422}:
        return _answer(said, failed=status == 422)
    raise UnavailableError(str(said.get("what") or f"answered {status}"), where=_WHERE, hint=_HINT)


def grant(socket: Path, wish: int, *, ok: bool, said: str) -> None:
    """Tell the studio what became of a wish. Raises UnavailableError."""
    status, answer = _post(socket, "/wish", {"id": wish, "ok": ok, "said": said}, ANSWER_S)
    if status >= 500:
        raise UnavailableError(str(answer.get("what") or f"answered {status}"), where=_WHERE, hint=_HINT)


def invite(socket: Path) -> str | None:
    """The link by which a fresh studio's administrator begins; None once there is one."""
    status, said = _post(socket, "/invite", {}, ANSWER_S)
    url: str | None = said.get("url") if status == 200 else None
    return url


def backup(socket: Path, to: Path) -> int:
    """Have the database copied while it is worked in; the copy's bytes. Raises PorticoError."""
    status, said = _post(socket, "/backup", {"to": str(to)}, BACKUP_S)
    if status != 200:
        raise PorticoError(str(said.get("what") or f"answered {status}"), where=_WHERE)
    return int(said["bytes"])


def refused(answer: Answer) -> SourceError:
    return SourceError(answer.why, where=_WHERE, hint=answer.hint)


def _answer(said: Mapping[str, Any], *, failed: bool) -> Answer:
    place = f"{said['where']}: " if failed and said.get("where") else ""
    return Answer(
        revision=said.get("revision"),
        content=said.get("content", said.get("revision")),
        build=str(said.get("build") or ""),
        by=str(said.get("by") or ""),
        at=float(said.get("at") or 0.0),
        changed=tuple(said.get("changed") or ()),
        takedown=tuple(said.get("takedown") or ()),
        lifted=tuple(said.get("lifted") or ()),
        wishes=tuple(_wish(one) for one in said.get("wishes") or ()),
        why=f"{place}{said.get('what') or 'it could not be frozen'}" if failed else "",
        hint=str(said.get("hint") or "") if failed else "",
    )


def _wish(said: Mapping[str, Any]) -> Wish:
    return Wish(
        int(said["id"]), str(said["kind"]), str(said.get("by") or ""), str(said.get("snapshot") or "")
    )


def _post(socket: Path, path: str, body: Mapping[str, Any], timeout: float) -> tuple[int, dict[str, Any]]:
    connection = unixsocket.HTTPConnection(socket, timeout)
    try:
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
        answer = connection.getresponse()
        said = json.loads(answer.read())
    except (OSError, client.HTTPException, ValueError) as error:
        told = str(error) or type(error).__name__
        raise UnavailableError(
            f"it doesn't answer: {told}", where=_WHERE, hint=_HINT, temporary=True
        ) from error
    finally:
        connection.close()
    return answer.status, said if isinstance(said, dict) else {}
