"""The local runtime: each replica is a detached process on a unix socket, known by its record in `run/`."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from portico import model
from portico.config.home import Home
from portico.intake import journal, secret
from portico.kit import files, process, unixsocket
from portico.model import HELPERS, MIRROR, Digest

_UNPRIVILEGED = "nobody"
_NOT_REPLICAS = {"keeper", "guard", "edge", *HELPERS}


@dataclass(frozen=True, slots=True)
class Live:
    """What a replica says of itself: the snapshots in its store and the bodies that it refuses to serve."""

    pid: int
    snapshots: tuple[Digest, ...]
    refused: tuple[Digest, ...]


def slots(cluster: str, count: int) -> tuple[str, ...]:
    """The names of a cluster's replicas; the mirror is its own only one."""
    return (MIRROR,) if cluster == MIRROR else model.slots(cluster, count)


def cluster_of(replica: str) -> str:
    """A cluster's name ends in a letter, so that nothing is ambiguous here."""
    return replica.rstrip("0123456789")


def recorded(home: Home) -> list[str]:
    """Every replica that was started and not stopped since, also of clusters that aren't named any more."""
    found = (path.stem for path in home.run.glob("*.json"))
    return sorted(name for name in found if name not in _NOT_REPLICAS)


def command(home: Home, cluster: str, replica: str, *, retain: int, user: str | None) -> list[str]:
    """How a replica is started, with paths relative to the home, which is its working directory."""
    asked = {
        "--store": home.store(cluster).relative_to(home.root),
        "--key": home.public_key.relative_to(home.root),
        "--socket": home.replica_socket(replica).relative_to(home.root),
        "--name": replica,
        "--retain": retain,
    }
    if cluster != MIRROR and home.intake_public_key.exists():
        asked["--intake"] = home.intake(cluster).relative_to(home.root)
        asked["--intake-key"] = home.intake_public_key.relative_to(home.root)
    if home.status_store(cluster).is_dir():
        asked["--also"] = home.status_store(cluster).relative_to(home.root)
    flags = [str(word) for pair in asked.items() for word in pair]
    for other in _others(home, cluster) if "--intake" in asked else ():
        flags += ["--peer", f"{home.run.relative_to(home.root)}/{other}[0-9]*/http.sock"]
    return [sys.executable, "-m", "portico.replica", *flags, *(("--user", user) if user else ())]


def _others(home: Home, cluster: str) -> list[str]:
    """Clusters that keep copies of what this one takes; one that is no more has no sockets."""
    known = (store.parent.name for store in home.clusters.glob("*/store"))
    return sorted(name for name in known if name != cluster)


def unprivileged_user() -> str | None:
    """Who a replica becomes when the keeper is root; None where it already is nobody special."""
    return _UNPRIVILEGED if os.geteuid() == 0 else None


def start(home: Home, cluster: str, replica: str, *, retain: int) -> process.Process:
    """Start a replica, and write down which process it is."""
    process.end_strays(home.root, ("portico.replica", "--name", replica))
    user = unprivileged_user()
    folder = home.replica_run(replica)
    folder.mkdir(parents=True, exist_ok=True)
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    if cluster != MIRROR and home.intake_key.exists():
        _prepare_intake(home, cluster, user)
    started = process.spawn(
        command(home, cluster, replica, retain=retain, user=user), cwd=home.root, log=home.log(replica)
    )
    process.remember(home.record(replica), started)
    return started


def _prepare_intake(home: Home, cluster: str, user: str | None) -> None:
    """The cluster's folder for what visitors send, and the secret in it, for its replicas alone."""
    intake = home.intake(cluster)
    journal.create(intake)
    known = secret.derive(home.intake_key.read_bytes())
    file = intake / secret.FILE
    if not file.exists() or file.read_bytes() != known:
        files.write_whole(file, known, mode=0o600)
    if user:
        for path in (intake, *intake.glob("*/"), *intake.glob("*/*/"), file):
            os.chown(path, pwd.getpwnam(user).pw_uid, -1)


def recall(home: Home, replica: str) -> process.Process | None:
    return process.recall(home.record(replica))


def kill(home: Home, replica: str) -> None:
    """End a replica that no longer answers, at once."""
    if known := recall(home, replica):
        process.kill(known, signal.SIGKILL)
        process.wait_gone(known, 2)


def stop(home: Home, replica: str, *, grace: float) -> None:
    """Let a replica finish what it answers, then forget it."""
    if known := recall(home, replica):
        process.stop(known, grace=grace)
    home.record(replica).unlink(missing_ok=True)
    shutil.rmtree(home.replica_run(replica), ignore_errors=True)


def ask(socket: Path, timeout: float) -> Live | None:
    """What the replica says of itself, or None when it doesn't answer within `timeout` seconds."""
    try:
        status, body = unixsocket.get(socket, "/-/live", timeout=timeout)
        said = json.loads(body)
        refused = tuple(item["digest"] for item in said["refused"])
        return Live(said["pid"], tuple(said["snapshots"]), refused) if status == 200 else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
