"""The one way out to people: a channel and a message in, nothing or the reason out."""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from portico.config.responding import Channel
from portico.kit.errors import ConfigError
from portico.model import Severity
from portico.notify import address, letter, mail, styles
from portico.notify.failure import Failure
from portico.notify.message import Message

Writer = Callable[[letter.Mail], Failure | None]

TIMEOUT_S = 20.0
"""A message that takes longer has failed, and is sent again."""

_TRY_AGAIN = {408, 409, 425, 429}
_KINDS = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.CRITICAL: "failure"}


class Port:
    """Hands messages over. `memory` is a folder where Apprise keeps what it needs to end an alert later."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory

    def send(self, channel: Channel, message: Message) -> Failure | None:
        """Hand the message over; it may take up to `TIMEOUT_S`. The reason of a failure holds no secret."""
        try:
            url = address.of(channel)
        except ConfigError as error:
            return Failure(error.what, temporary=error.temporary)
        failure = self._send(url, message)
        return failure and Failure(address.redacted(failure.reason, url), temporary=failure.temporary)

    @contextlib.contextmanager
    def writing(self, channel: Channel) -> Iterator[Writer]:
        """To hand mails, each to one person, to the server of a mail channel; as `send` otherwise."""
        try:
            url = address.of(channel)
        except ConfigError as error:
            failure = Failure(error.what, temporary=error.temporary, for_all=True)
            yield lambda _written: failure
            return
        if address.kind(url) not in {"mailto", "mailtos"} or not (service := self._service(url)):
            what = f"expected the channel {channel.name} to be one of mail"
            yield lambda _written: Failure(what, temporary=False, for_all=True)
            return
        with contextlib.closing(letter.Round(service)) as made:
            yield lambda written: _redacted(made.send(written), url)

    def check(self, channel: Channel) -> str | None:
        """Why nothing could ever be sent there, or None."""
        try:
            return None if self._service(address.of(channel)) else _UNKNOWN.reason
        except ConfigError as error:
            return error.what

    def warm(self) -> None:
        """Import what takes long, before the first message is due."""
        self._asset()

    def _send(self, url: str, message: Message) -> Failure | None:
        service = self._service(styles.addressed(url, message))
        if service is None:
            return _UNKNOWN
        if address.kind(url) in {"mailto", "mailtos"}:
            return mail.send(service, message)
        if service.resolve_format("text") == "markdown":
            return _through_apprise(service, message, message.markdown, "markdown")
        return _through_apprise(service, message, styles.text(url, message), "text")

    def _service(self, url: str) -> Any:
        """Apprise's service at this address, or None when it knows no such."""
        return _library().Apprise.instantiate(url, asset=self._asset())

    def _asset(self) -> Any:
        return _library().AppriseAsset(
            app_id="Portico",
            app_desc="Portico",
            app_url="",
            image_url_mask="",
            image_url_logo="",
            http_redirects=False,
            service_timeout=TIMEOUT_S,
            storage_path=str(self._memory),
            storage_mode="flush",
        )


def _redacted(failure: Failure | None, url: str) -> Failure | None:
    return failure and replace(failure, reason=address.redacted(failure.reason, url))


_UNKNOWN = Failure("expected an address that Apprise knows, see its list of services", temporary=False)


def _through_apprise(service: Any, message: Message, text: str, form: str) -> Failure | None:
    sender = _library().Apprise(service, asset=service.asset)
    kind = "success" if message.over else _KINDS[message.severity]
    with sender.notify(text, message.title, notify_type=kind, body_format=form) as result:
        if result:
            return None
        said = " ".join(entry.message for entry in result.logs())
    return _understood(said)


def _understood(said: str) -> Failure:
    """Apprise says in words what went wrong; a status in them tells whether to try again."""
    if found := re.search(r"\berror=([3-5]\d\d)\b", said):
        status = int(found[1])
        return Failure(f"the service answered {status}", temporary=status in _TRY_AGAIN or status >= 500)
    if "did not finish" in said:
        return Failure(f"the service took longer than {TIMEOUT_S:.0f} s")
    if "onnection error" in said:
        return Failure("the service could not be reached")
    return Failure("the service did not take it")


_loading = threading.Lock()


def _library() -> Any:
    """Apprise, which takes long to load; what it logs may name tokens, so its log stays with it."""
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)
        import apprise  # noqa: PLC0415 - as the docstring says

        apprise.Apprise.instantiate("json://localhost")  # its services are loaded with the first of them
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.setLevel(logging.INFO)  # below, it writes passwords
    logger.addHandler(logging.NullHandler())
    return apprise
