"""What the studio is told and who it is: environment, port, user. `portico studio` goes by it too."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portico.config.home import Home
from portico.config.studio import Studio
from portico.keeper import listen
from portico.keeper.stack import Stack
from portico.kit import lock, ports
from portico.kit.errors import ConfigError

USERS = ("portico-studio", "daemon")
"""Who it is when the keeper is root: the first that the machine knows. Not `nobody`, whom replicas are."""

_PREFIX = "PORTICO_STUDIO_"


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "portico.studio", *words]


def environment(stack: Stack, port: int) -> dict[str, str]:
    """Everything that the studio knows of Portico. Only its user can look into a process' environment."""
    asked, home = stack.settings.studio, stack.home
    told = {
        "DATA": home.studio,
        "RUN": home.studio_run,
        "SITE": stack.address,
        "ADDRESS": address(asked, port),
        "LISTEN": asked.listen,
        "PORT": port,
        "PUBLISHED": home.published,
        "POKE": home.freezer_socket.relative_to(home.root),  # its working directory; a socket has 107 bytes
        "APPS": ",".join(asked.apps),
        "PATH": asked.path or "",
        "FOUR_EYES": int(asked.four_eyes),
        "MAIL_FROM": asked.mail_from or "",
        "SECOND_FACTOR": int(asked.second_factor),
        "VISITORS_SHARE": stack.settings.visitors.share,
        "OIDC_ISSUER": asked.oidc_issuer or "",
        "OIDC_CLIENT_ID": asked.oidc_client_id or "",
        "OIDC_NAME": asked.oidc_name,
        "OIDC_CLAIM": asked.oidc_claim,
        "OIDC_ROLES": ",".join(asked.oidc_roles),
    }
    known = {f"{_PREFIX}{name}": str(value) for name, value in told.items()}
    secrets = {
        **_secret("DATABASE_URL", asked.database_file, "studio/database_file"),
        **_secret(f"{_PREFIX}MAIL", asked.mail_file, "studio/mail_file"),
        **_secret(
            f"{_PREFIX}OIDC_CLIENT_SECRET", asked.oidc_client_secret_file, "studio/oidc_client_secret_file"
        ),
    }
    return {**listen.environment(None, os.environ), **known, **secrets}


def address(asked: Studio, port: int) -> str:
    """Where editors find it. A browser takes passkeys for `localhost`, and for no bare address."""
    if asked.address:
        return asked.address
    here = asked.listen in {"127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    name = "localhost" if here else f"[{asked.listen}]" if ":" in asked.listen else asked.listen
    return f"http://{name}:{port}/"


def run(stack: Stack, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """One of the studio's own programs, as its user, to its end."""
    asked, who = stack.settings.studio, user(stack.home, stack.settings.studio)[0]
    told = environment(stack, port_of(stack.home, asked))
    return subprocess.run(
        command(*words), cwd=stack.home.root, env=told, user=who, text=True, check=False, **more
    )


def port_of(home: Home, asked: Studio) -> int:
    """The port that it has, or will have."""
    return ports.kept(home.studio_port) or asked.port


def free_port(home: Home, asked: Studio) -> int:
    """The port of before, else the one that was asked for, else a free one. Who binds it comes after us.

    What a killed studio left has its port until it has ended, and the next one waits for that: it is no
    reason for another port, by which nobody would find the studio.
    """
    before = ports.kept(home.studio_port, asked.port)
    if before and _is_ending(home):
        return before
    with ports.bind_kept(
        asked.listen, asked.port, home.studio_port, backlog=1, where="studio/listen"
    ) as bound:
        return int(bound.getsockname()[1])


def _is_ending(home: Home) -> bool:
    """The lock is its children's, too (`studio/serving/sockets.py`)."""
    file = home.studio_run / "serve.lock"
    if not file.exists():
        return False
    with lock.held(file) as free:
        return not free


def user(home: Home, asked: Studio) -> tuple[str | None, str]:
    """Who the studio runs as, None for whoever the keeper is, and then why."""
    if os.geteuid() != 0:
        return None, ""
    account = next(filter(None, map(_account, USERS)), None)
    if account is None:
        return None, f"runs as root: this machine has no user {' or '.join(USERS)}"
    needed = [home.root, Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2]]
    closed = next(_closed([*needed, *([asked.path] if asked.path else [])], account), None)
    if closed:
        return None, f"runs as root: {account.pw_name} can't enter {closed}"
    return account.pw_name, ""


def hand_over(home: Home, user: str | None) -> None:
    """The studio's folders are its user's alone."""
    for folder in (home.studio, home.studio_run):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    if os.geteuid() == 0:
        owner = pwd.getpwnam(user).pw_uid if user else 0
        for folder in (home.studio, home.studio_run):
            _give(folder, owner)


def _give(folder: Path, owner: int) -> None:
    """The folder itself comes last, so that one that was interrupted is done anew."""
    if folder.stat().st_uid == owner:
        return
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(place) / name, owner, -1, follow_symlinks=False)
    os.chown(folder, owner, -1)


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _closed(paths: list[Path], account: pwd.struct_passwd) -> Iterator[Path]:
    """The folders on the way to `paths` that the account can't enter."""
    for path in paths:
        for folder in (*reversed(path.resolve().parents), path.resolve()):
            if not _enters(folder.stat(), account):
                yield folder


def _enters(status: os.stat_result, account: pwd.struct_passwd) -> bool:
    if status.st_uid == account.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.pw_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _secret(variable: str, file: Path | None, where: str) -> dict[str, str]:
    """Read here, as the studio's user may not reach the file."""
    if file is None:
        return {}
    try:
        return {variable: file.read_text(encoding="utf-8").strip()}
    except OSError as error:
        raise ConfigError(f"{file}: can't be read: {error.strerror}", where=where) from error
