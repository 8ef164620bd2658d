"""What the sections of `portico.toml` are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that secrets may be told without TLS: nobody listens between."""

Port = Annotated[int, Field(ge=0, le=65535)]
Place = Annotated[Path, Field(strict=False)]
"""A path, which TOML writes as a text."""
Name = Annotated[
    str,
    Field(
        pattern=r"^[a-z](?:[a-z0-9-]{0,14}[a-z])?$",
        title="name",
        description="a name of at most 16 small letters, digits and dashes, first and last a letter",
    ),
]
"""A cluster's name; its replicas add a number to it, so it ends in a letter."""

Host = Annotated[
    str,
    Field(
        pattern=r"^(?:[0-9A-Za-z](?:[0-9A-Za-z._-]*[0-9A-Za-z])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$",
        title="host name",
        description="a host name of letters, digits, dots and dashes, without a port, or an address",
    ),
]
"""It stands in HAProxy's configuration as it is."""

HeaderName = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9-]{0,63}$",
        title="header",
        description="a header's name of at most 64 small letters, digits and dashes",
    ),
]
"""It stands in HAProxy's configuration as it is."""
