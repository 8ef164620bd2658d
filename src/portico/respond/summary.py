"""What the watcher sees in short, for `portico status` and the console: the ledger's `watch`. Pure."""

from __future__ import annotations

from typing import Any

from portico.watch.view import View


def of(view: View, address: str) -> dict[str, Any]:
    """JSON values. `address` is where the private listener answers."""
    reports = view.facts.get("probes", [])
    return {
        "address": address,
        "probes": {"looked": len(reports), "failing": sum(not report.ok for report in reports)},
        "slo": [
            {"objective": state.objective, "left": state.left, "measured": state.measured}
            for state in view.facts.get("slo", [])
        ],
        "anomalies": len(view.facts.get("anomalies", [])),
    }
