"""What a replica counts, as OpenMetrics text."""

from __future__ import annotations

import os
import resource
import time
from collections import Counter
from pathlib import Path

from portico.replica.intake import Intake

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Metrics:
    def __init__(self) -> None:
        self._started = time.monotonic()
        self._statuses: Counter[int] = Counter()
        self._sent = 0

    def count(self, status: int, sent: int) -> None:
        """An answer to a visitor; those who watch the replica itself don't count."""
        self._statuses[status] += 1
        self._sent += sent

    def text(self, *, refused: int, cached_shards: int, intake: Intake | None) -> bytes:
        lines = ["# TYPE portico_replica_requests counter"]
        for status, count in sorted(self._statuses.items()):
            lines.append(f'portico_replica_requests_total{{code="{status}"}} {count}')
        lines += _family("sent_bytes", "counter", self._sent, unit="bytes")
        lines += _family("refused_files", "gauge", refused)
        lines += _family("cached_shards", "gauge", cached_shards)
        lines += _posts(intake) if intake else []
        lines += _family("resident_memory_bytes", "gauge", resident_bytes(), unit="bytes")
        lines += _family(
            "uptime_seconds", "gauge", round(time.monotonic() - self._started, 3), unit="seconds"
        )
        return "\n".join([*lines, "# EOF", ""]).encode()


def _posts(intake: Intake) -> list[str]:
    """By what became of them; those alone have no copy in the other cluster, those mended got it later."""
    lines = ["# TYPE portico_replica_posts counter"]
    for outcome, count in sorted(intake.outcomes.items()):
        lines.append(f'portico_replica_posts_total{{outcome="{outcome}"}} {count}')
    lines += _family("posts_alone", "counter", intake.keeping.alone)
    lines += _family("posts_mended", "counter", intake.keeping.mended)
    lines += _family("copies", "counter", intake.keeping.copies)
    return lines + _family("post_seconds", "counter", round(intake.seconds, 6), unit="seconds")


def _family(name: str, kind: str, value: float, *, unit: str = "") -> list[str]:
    family = f"portico_replica_{name}"
    sample = f"{family}_total" if kind == "counter" else family
    described = [f"# UNIT {family} {unit}"] if unit else []
    return [f"# TYPE {family} {kind}", *described, f"{sample} {value}"]


def resident_bytes() -> int:
    """Memory that this process holds now; where the system doesn't say, the most that it ever held."""
    try:
        # as bytes: a replica that became nobody may not read the codec that `ascii` is loaded from
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * os.sysconf("SC_PAGE_SIZE")
