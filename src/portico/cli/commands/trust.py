"""`portico trust`."""

from __future__ import annotations

import platform
import shlex
import sys
from typing import Annotated

import typer

from portico.cli import place, screen
from portico.edge import trust as instructions
from portico.keeper import stack
from portico.kit.errors import UnavailableError


def trust(
    ctx: typer.Context,
    *,
    path: Annotated[
        bool, typer.Option("--path", help="Print the certificate's path alone, for scripts.")
    ] = False,
) -> None:
    """Tell how to trust the local certificate authority.

    A stack without a certificate of its own makes an authority for this machine's host names. Nothing is
    installed by itself: these are the commands that do it.

    For example:
      portico trust
      curl --cacert "$(portico trust --path)" https://localhost:8443/
    """
    config = place.config(ctx)
    found = stack.load(config)
    if found.trusted is None:
        raise UnavailableError(
            "the certificate is your own, there is no local authority to trust",
            where=str(config.settings.edge.certificate),
        )
    authority = found.trusted.resolve()
    if path:
        screen.say(str(authority))
        return
    screen.say(instructions.instructions(authority, _platform()))
    screen.say(f"\ncurl, at once:\n    curl --cacert {shlex.quote(str(authority))} {found.address}")


def _platform() -> str:
    """The system in the words of `edge.trust`; unknown ones are told everything."""
    if sys.platform == "darwin":
        return "macos"
    if sys.platform == "win32":
        return "windows"
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return "unknown"
    family = f"{release['ID']} {release.get('ID_LIKE', '')}".split()
    known = {"debian": "debian", "ubuntu": "debian", "fedora": "fedora", "rhel": "fedora"}
    return next((known[name] for name in family if name in known), "unknown")
