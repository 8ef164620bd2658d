"""Fixtures of alerts in few words."""

from __future__ import annotations

from portico.watch.alerts.alert import Case
from portico.watch.signal import Signal


def steady(*signals: Signal, over_s: float = 120.0, every_s: float = 5.0) -> Case:
    """Each of these values at each look: a gauge's, or what a counter grew by."""
    looks = [every_s * number for number in range(int(over_s / every_s), -1, -1)]
    return Case(points={one.key: tuple((ago, one.value) for ago in looks) for one in signals})
