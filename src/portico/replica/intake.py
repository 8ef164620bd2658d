"""What visitors post to a form, and the copies that the other cluster's replicas put here."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from portico.intake import judge, post, schema, secret, sent
from portico.intake.judge import Invalid, Situation
from portico.intake.post import Post
from portico.intake.proof import Challenge
from portico.intake.schema import Schema
from portico.intake.seal import Sealer
from portico.replica import answers, log, peers, posted
from portico.replica.answers import Answer
from portico.replica.keeping import Keeping, NotKeptError
from portico.replica.peers import Peers
from portico.replica.serve import RequestHeaders

SUSPICIOUS = "x-portico-suspicious"
"""Header by which the edge says that posts come too often."""

_MOST_COPIED = 4 * schema.MOST_BYTES
_BODY_S = 5.0
"""So long a body may take to arrive."""


class Incoming(Protocol):
    """How granian gives a request's body."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where posts are kept. `peers` are patterns of the other clusters' sockets."""

    intake: Path
    public_key: Path
    peers: tuple[str, ...]


class RefusedError(Exception):
    """Answered with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Intake:
    """Raises ConfigError when it is made without the keys. `outcomes` counts posts by what became of them."""

    def __init__(self, cluster: str, place: Place) -> None:
        self._cluster = cluster
        self._secret = secret.load(place.intake / secret.FILE)
        self.keeping = Keeping(place.intake, Sealer(place.public_key), Peers(place.peers, self._secret))
        self.outcomes: Counter[str] = Counter()
        self.seconds = 0.0

    async def take(self, form: Schema, headers: RequestHeaders, incoming: Incoming) -> Answer:
        """What a visitor sent."""
        began = time.monotonic()
        in_json = "application/json" in (headers.get("accept") or "")
        try:
            body = await self._form_body(form, headers, incoming)
            found = self._judge(form, headers, body)
            if isinstance(found, Post):
                is_new = await self.keeping.keep(found)
                self.outcomes[_outcome(found, is_new=is_new)] += 1
                self.seconds += time.monotonic() - began
                return posted.thanks(form, in_json=in_json)
        except RefusedError as refused:
            self.outcomes[f"refused_{refused.status}"] += 1
            return posted.refusal(refused.status, in_json=in_json)
        except NotKeptError as error:
            self.outcomes["not_kept"] += 1
            log.line("not-kept", why=str(error))
            return posted.refusal(503, in_json=in_json)
        if isinstance(found, Challenge):
            self.outcomes["unproven"] += 1
            return posted.unproven(found, in_json=in_json)
        self.outcomes["invalid"] += 1
        return posted.invalid(form, found.fields, in_json=in_json)

    async def _form_body(self, form: Schema, headers: RequestHeaders, incoming: Incoming) -> bytes:
        if not sent.is_form(headers.get("content-type")):
            raise RefusedError(415)
        return await _body(headers, incoming, form.most_bytes)

    def _judge(self, form: Schema, headers: RequestHeaders, body: bytes) -> Post | Invalid | Challenge:
        try:
            pairs = sent.pairs(body)
        except ValueError as error:
            raise RefusedError(400) from error
        is_suspicious = headers.get(SUSPICIOUS) is not None
        return judge.judge(form, pairs, Situation(self._cluster, time.time(), is_suspicious, self._secret))

    async def take_copy(self, name: str, headers: RequestHeaders, incoming: Incoming) -> Answer:
        """What a replica of another cluster took; anybody else is told nothing."""
        try:
            data = await _body(headers, incoming, _MOST_COPIED)
            shown = headers.get(peers.TAG) or ""
            if not post.parse_name(name) or not peers.is_tag(shown, self._secret, name, data):
                return answers.refusal(404)
            await self.keeping.keep_copy(name, data)
        except RefusedError as refused:
            return answers.refusal(refused.status)
        except NotKeptError as error:
            log.line("copy-not-kept", why=str(error))
            return answers.refusal(503)
        return Answer(204, [("cache-control", "no-store")])


async def _body(headers: RequestHeaders, incoming: Incoming, most: int) -> bytes:
    """All of it, or RefusedError: without a length, too long, or too slow."""
    length = headers.get("content-length") or ""
    if not (length.isascii() and length.isdigit()):
        raise RefusedError(411)
    if len(length) > 9 or int(length) > most:
        raise RefusedError(413)
    data = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            async for piece in incoming:
                data += piece
    except TimeoutError as error:
        raise RefusedError(408) from error
    return bytes(data)


def _outcome(taken: Post, *, is_new: bool) -> str:
    if taken.spam:
        return "spam"
    return "taken" if is_new else "repeated"
