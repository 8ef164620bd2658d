"""The settings of where operators look and order."""

from __future__ import annotations

from pydantic import Field, field_validator

from portico.config.section import Port, Section


class Console(Section):
    """Where operators look and order. It needs neither the studio nor the keeper to show what it knows."""

    enabled: bool = Field(default=True, description="Run it; the terminal's commands need it not.")
    listen: str = Field("127.0.0.1", description="The address that operators' browsers reach it at.")
    port: Port = Field(9090, description="Another free port is taken, and kept, when this one is in use.")
    address: str | None = Field(
        None,
        examples=["https://console.example.com/"],
        description="How operators reach it, where a proxy stands before it; passkeys are bound to it.",
    )

    @field_validator("address")
    @classmethod
    def _ends_in_a_slash(cls, text: str | None) -> str | None:
        if text is not None and not text.startswith(("https://", "http://")):
            raise ValueError(f"expected an address that begins with https:// or http://, got {text!r}")
        return text and text.rstrip("/") + "/"
