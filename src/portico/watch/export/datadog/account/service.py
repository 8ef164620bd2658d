"""The four kinds of objects at Datadog: listed, made, changed and deleted by its own client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from datadog_api_client.v1.api.dashboards_api import DashboardsApi
from datadog_api_client.v1.api.monitors_api import MonitorsApi
from datadog_api_client.v1.api.service_level_objectives_api import ServiceLevelObjectivesApi
from datadog_api_client.v1.api.synthetics_api import SyntheticsApi
from datadog_api_client.v1.model.dashboard import Dashboard
from datadog_api_client.v1.model.monitor import Monitor
from datadog_api_client.v1.model.monitor_update_request import MonitorUpdateRequest
from datadog_api_client.v1.model.service_level_objective import ServiceLevelObjective
from datadog_api_client.v1.model.service_level_objective_request import ServiceLevelObjectiveRequest
from datadog_api_client.v1.model.synthetics_api_test import SyntheticsAPITest
from datadog_api_client.v1.model.synthetics_delete_tests_payload import SyntheticsDeleteTestsPayload

from portico.kit.errors import PorticoError
from portico.watch.export.datadog import mark
from portico.watch.export.datadog.account.caller import Caller, is_gone
from portico.watch.export.datadog.account.thing import DASHBOARD, MONITOR, SLO, SYNTHETIC, Body, Found

PAGE = 100


class Kind(Protocol):
    """One kind of object. Ids are texts here, whatever they are there."""

    def found(self, site: str) -> Iterator[Found]:
        """Those that bear this site's marks."""
        ...

    def create(self, body: Body) -> str:
        """Its id."""
        ...

    def update(self, id_: str, body: Body) -> None: ...

    def delete(self, id_: str) -> None: ...


class Service:
    """All kinds by their names. Raises PorticoError, as `Caller` does."""

    def __init__(self, caller: Caller) -> None:
        self._kinds: dict[str, Kind] = {
            SLO: _Slos(caller),
            MONITOR: _Monitors(caller),
            SYNTHETIC: _Synthetics(caller),
            DASHBOARD: _Dashboards(caller),
        }

    def found(self, site: str) -> list[Found]:
        return [one for kind in self._kinds.values() for one in kind.found(site)]

    def create(self, kind: str, body: Body) -> str:
        return self._kinds[kind].create(body)

    def update(self, kind: str, id_: str, body: Body) -> None:
        self._kinds[kind].update(id_, body)

    def delete(self, kind: str, id_: str) -> None:
        """What is gone already is deleted."""
        try:
            self._kinds[kind].delete(id_)
        except PorticoError as error:
            if not is_gone(error):
                raise


class _Monitors:
    def __init__(self, caller: Caller) -> None:
        self._caller, self._api = caller, caller.api(MonitorsApi)

    def found(self, site: str) -> Iterator[Found]:
        """A synthetic test brings a monitor of its own, with the test's tags: that isn't ours to touch."""
        tags = f"{mark.MANAGED},{mark.of_site(site)}"
        for one in _pages(
            lambda page: self._caller.call(
                self._api.list_monitors, monitor_tags=tags, page=page, page_size=PAGE
            )
        ):
            if one["type"] != "synthetics alert":
                yield from _found(MONITOR, str(one["id"]), one, one.get("tags"), site)

    def create(self, body: Body) -> str:
        model = self._caller.model(Monitor, body)
        return str(self._caller.call(self._api.create_monitor, model, repeat=False)["id"])

    def update(self, id_: str, body: Body) -> None:
        model = self._caller.model(MonitorUpdateRequest, body)
        self._caller.call(self._api.update_monitor, int(id_), model)

    def delete(self, id_: str) -> None:
        self._caller.call(self._api.delete_monitor, int(id_))


class _Slos:
    def __init__(self, caller: Caller) -> None:
        self._caller, self._api = caller, caller.api(ServiceLevelObjectivesApi)

    def found(self, site: str) -> Iterator[Found]:
        for one in _pages(
            lambda page: self._caller.call(
                self._api.list_slos, tags_query=mark.of_site(site), limit=PAGE, offset=page * PAGE
            )["data"]
        ):
            yield from _found(SLO, one["id"], one, one.get("tags"), site)

    def create(self, body: Body) -> str:
        model = self._caller.model(ServiceLevelObjectiveRequest, body)
        return str(self._caller.call(self._api.create_slo, model, repeat=False)["data"][0]["id"])

    def update(self, id_: str, body: Body) -> None:
        self._caller.call(self._api.update_slo, id_, self._caller.model(ServiceLevelObjective, body))

    def delete(self, id_: str) -> None:
        self._caller.call(self._api.delete_slo, id_)


class _Synthetics:
    def __init__(self, caller: Caller) -> None:
        self._caller, self._api = caller, caller.api(SyntheticsApi)

    def found(self, site: str) -> Iterator[Found]:
        """The list leaves out what a test looks at, so each of ours is asked for."""
        for row in _pages(
            lambda page: self._caller.call(self._api.list_tests, page_size=PAGE, page_number=page)["tests"]
        ):
            if row.get("type") == "api" and mark.is_ours(row.get("tags") or [], site):
                one = self._caller.call(self._api.get_api_test, row["public_id"])
                yield from _found(SYNTHETIC, one["public_id"], one, one.get("tags"), site)

    def create(self, body: Body) -> str:
        model = self._caller.model(SyntheticsAPITest, body)
        made = self._caller.call(self._api.create_synthetics_api_test, model, repeat=False)
        return str(made["public_id"])

    def update(self, id_: str, body: Body) -> None:
        self._caller.call(self._api.update_api_test, id_, self._caller.model(SyntheticsAPITest, body))

    def delete(self, id_: str) -> None:
        model = self._caller.model(SyntheticsDeleteTestsPayload, {"public_ids": [id_]})
        self._caller.call(self._api.delete_tests, model)


class _Dashboards:
    def __init__(self, caller: Caller) -> None:
        self._caller, self._api = caller, caller.api(DashboardsApi)

    def found(self, site: str) -> Iterator[Found]:
        """Their marks are words of the description; the list leaves out what they show."""
        for row in _pages(
            lambda page: self._caller.call(self._api.list_dashboards, count=PAGE, start=page * PAGE)[
                "dashboards"
            ]
        ):
            words = str(row.get("description") or "").split()
            if mark.is_ours(words, site):
                one = self._caller.call(self._api.get_dashboard, row["id"])
                yield from _found(DASHBOARD, one["id"], one, words, site)

    def create(self, body: Body) -> str:
        made = self._caller.call(
            self._api.create_dashboard, self._caller.model(Dashboard, body), repeat=False
        )
        return str(made["id"])

    def update(self, id_: str, body: Body) -> None:
        self._caller.call(self._api.update_dashboard, id_, self._caller.model(Dashboard, body))

    def delete(self, id_: str) -> None:
        self._caller.call(self._api.delete_dashboard, id_)


def _found(kind: str, id_: str, body: Body, marks: Any, site: str) -> Iterator[Found]:
    words = list(marks or ())
    slug = mark.value(words, mark.OBJECT)
    if slug and mark.is_ours(words, site):
        yield Found(kind, id_, slug, body)


def _pages(ask: Callable[[int], Any]) -> Iterator[Any]:
    """All rows; a page that isn't full is the last."""
    page = 0
    while True:
        rows = ask(page)
        yield from rows
        if len(rows) < PAGE:
            return
        page += 1
