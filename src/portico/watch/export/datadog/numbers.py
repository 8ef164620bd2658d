"""What is measured, on its way to the API: gathered for some seconds, packed and sent in another thread."""

from __future__ import annotations

from collections.abc import Iterator

from portico.watch.export.datadog import series
from portico.watch.export.datadog.api import Api, Asked, deflated, gzipped
from portico.watch.export.datadog.lane import Lane
from portico.watch.export.datadog.series import Origin
from portico.watch.export.exporter import Look
from portico.watch.export.shipping import Limits, Parcel, Shipper

TOGETHER_S = 15.0
"""Rounds of so many seconds go in one request."""

ROOM = 4 << 20
"""About an hour of a usual stack's numbers; Datadog takes nothing older."""

_HOW = {"series": ("/api/v2/series", "gzip"), "distributions": ("/api/v1/distribution_points", "deflate")}


class Numbers:
    """`tell` never waits; what waits is bounded, and the oldest is dropped first."""

    def __init__(self, api: Api, origin: Origin) -> None:
        self._api, self._origin = api, origin
        self._rounds: list[Look] = []
        self._together = max(1, round(TOGETHER_S / origin.every_s))
        self._shipper = Shipper("datadog", self._pack, self._send, Limits(room=ROOM))

    def tell(self, look: Look) -> None:
        self._rounds.append(look)
        if len(self._rounds) >= self._together:
            self._hand_over()

    def standing(self) -> Lane:
        known = self._shipper.health()
        return Lane(
            "metrics", known.sent, known.dropped + known.refused, known.failing_s, known.trouble, known.loss
        )

    def leave(self) -> None:
        self._hand_over()
        self._shipper.leave()

    def close(self) -> None:
        self._shipper.close()

    def _hand_over(self) -> None:
        rounds, self._rounds = self._rounds, []
        if rounds:
            self._shipper.tell(rounds)

    def _pack(self, rounds: list[Look]) -> Iterator[Parcel]:
        for count, body in series.bodies(series.metrics(rounds, self._origin)):
            yield Parcel(gzipped(body), "series", count)
        for count, body in series.bodies(series.distributions(rounds, self._origin)):
            yield Parcel(deflated(body), "distributions", count)

    def _send(self, parcel: Parcel) -> None:
        path, coding = _HOW[parcel.what]
        self._api.ask(Asked("POST", path, parcel.body, coding))
