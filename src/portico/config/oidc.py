"""The company's identity provider, as the sections name it by which people sign in: console and studio."""

from __future__ import annotations

from typing import Annotated, Protocol
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from portico.config.section import LOOPBACK, Place


def _is_an_address(text: str | None) -> str | None:
    if text is not None and not text.startswith(("https://", "http://")):
        raise ValueError(f"expected an address that begins with https:// or http://, got {text!r}")
    return text


def _keeps_its_secret(text: str | None) -> str | None:
    if text and text.startswith("http://") and urlsplit(text).hostname not in LOOPBACK:
        raise ValueError(f"expected an address that begins with https://: a secret goes there, got {text!r}")
    return text


def _ends_in_a_slash(text: str | None) -> str | None:
    return text and text.rstrip("/") + "/"


Address = Annotated[str | None, AfterValidator(_is_an_address)]
Site = Annotated[Address, AfterValidator(_ends_in_a_slash)]
"""The address of a whole site."""

Issuer = Annotated[
    Address,
    AfterValidator(_keeps_its_secret),
    Field(
        examples=["https://login.example.com"],
        description="The address of the company's identity provider, for people to sign in by.",
    ),
]
ClientId = Annotated[str | None, Field(examples=["portico"], description="What the provider knows it as.")]
SecretFile = Annotated[
    Place | None,
    Field(examples=["oidc.secret"], description="A file with the secret that the provider gave out for it."),
]
Name = Annotated[str, Field(description='What the button says after "Sign in with".')]
Claim = Annotated[str, Field(description="Where the provider tells which groups a person is in.")]


def pattern(*roles: str) -> str:
    """Of a group and the role that it gives: `group=role`."""
    return rf"^[^=,]*[^=,\s][^=,]*=(?:{'|'.join(roles)})$"


class Provided(Protocol):
    @property
    def oidc_issuer(self) -> str | None: ...
    @property
    def oidc_client_id(self) -> str | None: ...
    @property
    def oidc_client_secret_file(self) -> Place | None: ...
    @property
    def oidc_roles(self) -> list[str]: ...


def check(section: Provided, *, needs_roles: bool) -> None:
    """Half of it would leave a button that leads nowhere, or everybody out. Raises ValueError."""
    needed = {
        "oidc_client_id": section.oidc_client_id,
        "oidc_client_secret_file": section.oidc_client_secret_file,
        **({"oidc_roles": section.oidc_roles} if needs_roles else {}),
    }
    if section.oidc_issuer and not all(needed.values()):
        *first, last = needed
        raise ValueError(f"oidc_issuer needs {', '.join(first)} and {last}, too")
