"""From the settings and what is wanted to the edge's configuration. Pure but for who this process is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portico.edge import render, spec
from portico.edge.spec import EdgeSpec
from portico.keeper import listen
from portico.keeper.stack import Stack
from portico.keeper.wanted import wanted_of

_UNPRIVILEGED = "haproxy"


def text(stack: Stack, remembered: Mapping[str, Any]) -> str:
    """The configuration for every slot that could be scaled to; unwanted ones are switched off in it."""
    return render.haproxy_cfg(spec_of(stack, remembered))


def spec_of(stack: Stack, remembered: Mapping[str, Any]) -> EdgeSpec:
    wanted = wanted_of(stack.settings.clusters, remembered)
    enabled = [
        name
        for name, cluster in wanted.names().items()
        if cluster not in wanted.drained and name not in wanted.ejected
    ]
    ports = listen.ports(stack.home.ports)
    asked = spec.of(
        stack.settings,
        https_port=ports.https if ports else stack.settings.edge.https_port,
        enabled=enabled,
        threads=os.cpu_count() or 1,
    )
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    return replace(asked, user=user, group=user, shield=wanted.shield_until > 0)
