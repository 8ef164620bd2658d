"""Datadog's API as its own client describes it: which requests there are, and whether a body fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from datadog_api_client import ApiClient, Configuration
from datadog_api_client.model_utils import (
    ModelComposed,
    ModelNormal,
    ModelSimple,
    validate_and_convert_types,
)
from datadog_api_client.v1.api.authentication_api import AuthenticationApi
from datadog_api_client.v1.api.dashboards_api import DashboardsApi
from datadog_api_client.v1.api.events_api import EventsApi
from datadog_api_client.v1.api.metrics_api import MetricsApi as OldMetricsApi
from datadog_api_client.v1.api.monitors_api import MonitorsApi
from datadog_api_client.v1.api.service_checks_api import ServiceChecksApi
from datadog_api_client.v1.api.service_level_objectives_api import ServiceLevelObjectivesApi
from datadog_api_client.v1.api.synthetics_api import SyntheticsApi
from datadog_api_client.v2.api.logs_api import LogsApi
from datadog_api_client.v2.api.metrics_api import MetricsApi

_APIS = (
    AuthenticationApi, DashboardsApi, EventsApi, OldMetricsApi, MonitorsApi, ServiceChecksApi,
    ServiceLevelObjectivesApi, SyntheticsApi, LogsApi, MetricsApi,
)  # fmt: skip
_FREE = {"HTTPLogItem"}
"""Whose models take attributes of the sender's own."""

CONFIGURATION = Configuration()


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: re.Pattern[str]
    auth: tuple[str, ...]
    params: Mapping[str, Any]
    answer: Any

    def takes(self, method: str, path: str) -> dict[str, str] | None:
        """The variables of the path, if this is what is asked for."""
        found = self.path.fullmatch(path) if method == self.method else None
        return found.groupdict() if found else None


def operations() -> list[Operation]:
    found = []
    for api in _APIS:
        for name, endpoint in vars(api(ApiClient(CONFIGURATION))).items():
            if name.endswith("_endpoint"):
                told = endpoint.settings
                shape = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(told["endpoint_path"]))
                found.append(
                    Operation(
                        told["operation_id"],
                        told["http_method"],
                        re.compile(shape),
                        tuple(told["auth"]),
                        endpoint.params_map,
                        told["response_type"],
                    )
                )
    # fixed paths before those with a variable in the same place
    return sorted(found, key=lambda one: "?P<" in one.path.pattern)


def faults(value: Any, types: Any) -> list[str]:
    """What of a JSON value doesn't fit the client's models: types, words, attributes."""
    try:
        read = validate_and_convert_types(value, types, ["body"], True, True, CONFIGURATION)
    except Exception as error:  # noqa: BLE001 - whatever it raises, the body does not fit
        return [f"{type(error).__name__}: {error}"]
    return list(_strange(read, "body"))


def _strange(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _strange(inner, f"{where}[{number}]")
    elif isinstance(value, ModelComposed):
        for inner in value._composed_instances:
            yield from _strange(inner, where)
    elif isinstance(value, ModelNormal | ModelSimple):
        yield from _in_a_model(value, where)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _strange(inner, f"{where}.{name}")


def _in_a_model(value: Any, where: str) -> Iterator[str]:
    store = value._data_store
    before = len(faulty := list(_deeper(value, store, where)))
    yield from faulty
    if value._unparsed and not before:
        yield f"{where} is no {type(value).__name__}: {value}"


def _deeper(value: Any, store: Mapping[str, Any], where: str) -> Iterator[str]:
    known = getattr(type(value), "attribute_map", {})
    for name, inner in store.items():
        if isinstance(value, ModelNormal) and name not in known and not value._unparsed:
            if type(value).__name__ not in _FREE:
                yield f"{where}.{name} is unknown to {type(value).__name__}"
        else:
            yield from _strange(inner, f"{where}.{name}")
