"""Calls Datadog's client: waits where it is told to, tries again what may be tried, and says what is wrong.

The client is large, so only `portico datadog` imports it (decision 0144).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import urllib3
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.exceptions import ApiException, ApiTypeError
from datadog_api_client.model_utils import data_to_dict, validate_and_convert_types

from portico.config.datadog import Datadog
from portico.kit.errors import ConfigError, PorticoError, UnavailableError
from portico.watch.export.datadog import keys, redact

TIMEOUT_S = 30.0
LONGEST_S = 600.0
"""So long one request waits for the limit to be lifted, all pauses together."""

TRIES, FIRST_S = 3, 1.0
SAID = 300

_read: Callable[..., Any] = validate_and_convert_types
_plain: Callable[[Any], Any] = data_to_dict

T = TypeVar("T")
Tell = Callable[[str], None]


class Caller:
    """`tell` is told of pauses. `rest` waits so many seconds; a test gives another one."""

    def __init__(self, settings: Datadog, tell: Tell, rest: Callable[[float], None] = time.sleep) -> None:
        self._tell, self._rest = tell, rest
        self._secrets = (keys.api(settings), keys.app(settings))
        given = {"host": settings.address} if settings.address else {}
        made = Configuration(**given)  # type: ignore[no-untyped-call]
        made.server_variables["site"] = settings.site
        made.api_key = dict(zip(("apiKeyAuth", "appKeyAuth"), self._secrets, strict=True))
        made.request_timeout = TIMEOUT_S
        made.retry_policy = urllib3.Retry(
            connect=2, read=0, redirect=0, status=0, other=0, respect_retry_after_header=False
        )
        self._configuration = made
        self._client = ApiClient(made)

    def api(self, kind: Callable[[ApiClient], T]) -> T:
        """One of the client's classes of operations."""
        return kind(self._client)

    def model(self, kind: Any, body: Any) -> Any:
        """A body as the client's own model. Raises PorticoError where it isn't one: that is our mistake."""
        try:
            read = _read(body, (kind,), ["body"], True, True, self._configuration)  # noqa: FBT003 - the client's signature
        except (ApiTypeError, TypeError, ValueError) as error:
            raise PorticoError(f"it is no {kind.__name__} of Datadog's: {error}") from None
        if read._unparsed:  # noqa: SLF001 - the client tells it nowhere else
            raise PorticoError(f"it is no {kind.__name__} that the client knows")
        return read

    def call(self, operation: Callable[..., Any], *args: Any, repeat: bool = True, **more: Any) -> Any:
        """The answer as JSON. `repeat` says that a request that failed within may be sent again.

        Raises ConfigError for keys, UnavailableError for what may pass, PorticoError for the rest.
        """
        tries, waited = 0, 0.0
        while True:
            try:
                return _plain(operation(*args, **more))
            except ApiException as error:
                tries += 1
                pause = self._pause(error, tries, waited, repeat=repeat)
            except urllib3.exceptions.HTTPError as error:
                said = redact.text(str(error), self._secrets)
                raise UnavailableError(f"Datadog can't be reached: {said}", temporary=True) from None
            waited += pause
            self._rest(pause)

    def _pause(self, error: ApiException, tries: int, waited: float, *, repeat: bool) -> float:
        """Seconds until the next try. Raises what there is to say, where there is none."""
        status = error.status or 0
        if status == 429:
            pause = _reset(error)
            if waited + pause <= LONGEST_S:
                self._tell(f"Datadog's limit of requests is reached, it goes on in {pause:.0f} s")
                return pause
        elif status >= 500 and repeat and tries < TRIES:
            return FIRST_S * 2.0 ** (tries - 1)
        raise self._told(status, error) from None

    def _told(self, status: int, error: ApiException) -> PorticoError:
        said = redact.text(" ".join(str(error.body or error.reason or "").split())[:SAID], self._secrets)
        if status in {401, 403}:
            return ConfigError(
                f"Datadog refuses the keys ({status})",
                where="datadog/app_key_file",
                hint="both keys are of datadog/site, and the application key may write dashboards, monitors,"
                " SLOs and synthetic tests",
            )
        if status == 429 or status >= 500 or not status:
            return UnavailableError(
                f"Datadog answered {status}: {said}", temporary=True, hint="run it again: it goes on there"
            )
        return PorticoError(f"Datadog refused it ({status}): {said}")


def is_gone(error: PorticoError) -> bool:
    """Whether what was asked for isn't there."""
    return error.what.startswith("Datadog refused it (404)")


def _reset(error: ApiException) -> float:
    """Seconds until the limit is lifted, as the answer says."""
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    try:
        return max(1.0, float(headers.get("x-ratelimit-reset", 10)))
    except ValueError:
        return 10.0
