"""What visitors post to a form, and the copies that the other cluster's replicas put here."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from portico.intake import judge, post, schema, secret, sent
from portico.intake.judge import Invalid, Situation
from portico.intake.post import Post
from portico.intake.proof import Challenge
from portico.intake.schema import Schema
from portico.intake.seal import Sealer
from portico.kit.errors import IntegrityError
from portico.model import Digest
from portico.replica import answers, body, log, peers, posted
from portico.replica.answers import Answer
from portico.replica.body import Incoming, RefusedError
from portico.replica.forms import Forms
from portico.replica.keeping import Keeping, NotKeptError
from portico.replica.peers import Peers
from portico.replica.serve import RequestHeaders
from portico.store import read

SUSPICIOUS = "x-portico-suspicious"
"""Header by which the edge says that posts come too often."""

CODE = "x-portico-code"
"""Header by which the edge hands on the code that stood behind the form's name."""

_MOST_COPIED = 4 * schema.MOST_BYTES


@dataclass(frozen=True, slots=True)
class Place:
    """Where posts are kept. `peers` are patterns of the other clusters' sockets."""

    intake: Path
    public_key: Path
    peers: tuple[str, ...]


class Intake:
    """Raises ConfigError when it is made without the keys. `outcomes` counts posts by what became of them."""

    def __init__(self, cluster: str, place: Place, forms: Forms) -> None:
        self._cluster = cluster
        self._forms = forms
        self._secret = secret.load(place.intake / secret.FILE)
        self.keeping = Keeping(place.intake, Sealer(place.public_key), Peers(place.peers, self._secret))
        self.outcomes: Counter[str] = Counter()
        self.seconds = 0.0
        self._log = log.Seldom()

    async def take(self, snapshot: Digest, path: str, headers: RequestHeaders, incoming: Incoming) -> Answer:
        """What a visitor sent to the form at `path`."""
        in_json = "application/json" in (headers.get("accept") or "")
        try:
            data = await body.read(headers, incoming, schema.MOST_BYTES)
            form = self._form(snapshot, path)
            found = self._judge(form, headers, data)
            if isinstance(found, Post):
                await self._keep(found)
        except RefusedError as refused:
            self.outcomes[f"refused_{refused.status}"] += 1
            return posted.refusal(refused.status, in_json=in_json)
        except (NotKeptError, IntegrityError, read.UnknownSnapshotError) as error:
            self.outcomes["not_kept"] += 1
            self._log.line("not-kept", why=str(error))
            return posted.refusal(503, in_json=in_json)
        if isinstance(found, Post):
            return posted.thanks(form, in_json=in_json)
        self.outcomes["unproven" if isinstance(found, Challenge) else "invalid"] += 1
        if isinstance(found, Challenge):
            return posted.unproven(found, in_json=in_json)
        return posted.invalid(form, found.fields, in_json=in_json)

    def _form(self, snapshot: Digest, path: str) -> Schema:
        form = self._forms.find(snapshot, path)
        if form is None:
            raise RefusedError(404)
        return form

    def _judge(self, form: Schema, headers: RequestHeaders, data: bytes) -> Post | Invalid | Challenge:
        pairs = _pairs(form, headers, data)
        is_suspicious = headers.get(SUSPICIOUS) is not None
        return judge.judge(form, pairs, Situation(self._cluster, time.time(), is_suspicious, self._secret))

    async def _keep(self, found: Post) -> None:
        began = time.monotonic()
        is_new = await self.keeping.keep(found)
        self.seconds += time.monotonic() - began
        outcome = "taken" if is_new else "repeated"
        self.outcomes["spam" if found.spam else outcome] += 1

    async def take_copy(self, name: str, headers: RequestHeaders, incoming: Incoming) -> Answer:
        """What a replica of another cluster took; anybody else is told nothing."""
        try:
            data = await body.read(headers, incoming, _MOST_COPIED)
            shown = headers.get(peers.TAG) or ""
            if not post.parse_name(name) or not peers.is_tag(shown, self._secret, name, data):
                return answers.refusal(404)
            await self.keeping.keep_copy(name, data)
        except RefusedError as refused:
            return answers.refusal(refused.status)
        except NotKeptError as error:
            self._log.line("copy-not-kept", why=str(error))
            return answers.refusal(503)
        return Answer(204, [("cache-control", "no-store")])


def _pairs(form: Schema, headers: RequestHeaders, data: bytes) -> list[tuple[str, str]]:
    """Of a mail program, which leaves by one press (RFC 8058), the code in its address says all."""
    kind, code = headers.get("content-type"), headers.get(CODE)
    if not sent.is_form(kind) and not (code and sent.is_multipart(kind)):
        raise RefusedError(415)
    if len(data) > form.most_bytes:
        raise RefusedError(413)
    if code:
        return [("code", code)]
    try:
        return sent.pairs(data)
    except ValueError as error:
        raise RefusedError(400) from error
