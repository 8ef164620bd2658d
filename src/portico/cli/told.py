"""Errors of the libraries below, as the line and hint that a person can act on."""

from __future__ import annotations

import errno
import sqlite3

import typer

from portico.kit.errors import Exit, PorticoError


class UsageError(PorticoError):
    """The command line asks for something that isn't there."""

    code = Exit.USAGE


_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_MISPLACED = {errno.ENOTDIR, errno.EEXIST}
_OF_A_CHECKOUT = ("test", "bench")
"""What the script at a checkout's root takes, and an installed `portico` can't."""


def known(error: Exception) -> PorticoError | None:
    """The error in our words, or None for one that nobody expected."""
    if isinstance(error, PorticoError):
        return error
    if isinstance(error, typer.TyperException):
        return _usage(error)
    if isinstance(error, sqlite3.OperationalError):
        return _database(error)
    if isinstance(error, OSError):
        return _system(error)
    return None


def _usage(error: typer.TyperException) -> PorticoError:
    for name in _OF_A_CHECKOUT:
        if error.format_message().startswith(f"No such command '{name}'"):
            return UsageError(
                f"portico {name} is part of a checkout only", hint=f"./portico {name} in a checkout"
            )
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "portico"
    return UsageError(error.format_message(), hint=f"{command} --help")


def _system(error: OSError) -> PorticoError | None:
    where = str(error.filename or "")
    if error.errno in _FULL:
        return full(where)
    if error.errno in _FORBIDDEN:
        hint = "choose another folder with --home, or change its owner or mode"
        return PorticoError(f"expected a place that can be written: {error.strerror}", where=where, hint=hint)
    if error.errno in _MISPLACED:
        return PorticoError(
            f"expected a folder: {error.strerror}", where=where, hint="choose another one with --home"
        )
    return None


def _database(error: sqlite3.OperationalError) -> PorticoError | None:
    text = str(error)
    if "full" in text:
        return full("the ledger")
    if "readonly" in text or "unable to open" in text:
        return PorticoError(
            f"the ledger can't be written: {text}", hint="choose another folder with --home, or its owner"
        )
    if "locked" in text:
        return PorticoError(
            f"the ledger is busy: {text}", hint="try again; something holds it for long", temporary=True
        )
    return None


def full(where: str) -> PorticoError:
    return PorticoError(
        "the disk is full, nothing was changed",
        where=where,
        hint="free some space, then try again; what runs goes on serving",
        temporary=True,
    )
