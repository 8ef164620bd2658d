"""Root is only for binding and reading the key: a replica answers visitors as nobody in particular."""

from __future__ import annotations

import os
import pwd

from portico.kit.errors import ConfigError


def drop(user: str) -> None:
    """Become `user`, for good, with no groups but its own. Nothing to do where we are not root."""
    if os.geteuid() != 0:
        return
    try:
        account = pwd.getpwnam(user)
    except KeyError as error:
        raise ConfigError(f"there is no user {user!r} on this machine", where="--user") from error
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
