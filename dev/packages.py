"""The system's packages: what is missing is installed by apt-get, dnf or brew; that is said, not asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class PrepareError(Exception):
    """What can't be prepared, in one line for a person."""


@dataclass(frozen=True)
class Package:
    """Something of the system's. `proof` is its program, or a path that it brings; `names` is by manager.

    `service` is one that the package would run by itself, and that is switched off again, as Portico (or a
    bench) runs the program with its own configuration. One that is not `needed` may be missing.
    """

    proof: str
    names: Mapping[str, str]
    service: str = ""
    needed: bool = True

    @property
    def present(self) -> bool:
        return Path(self.proof).exists() if "/" in self.proof else shutil.which(self.proof) is not None


@dataclass(frozen=True)
class Manager:
    """A package manager's commands; those `as_root` run under sudo where we are somebody else."""

    name: str
    install: tuple[str, ...]
    refresh: tuple[str, ...]
    as_root: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)


MANAGERS = (
    Manager(
        "apt-get",
        # images for containers leave documentation out, and the tests freeze some; the lock may be held
        # for minutes by a fresh machine's first upgrade
        install=(
            *("apt-get", "install", "-y", "-q", "--reinstall", "--no-install-recommends"),
            *("-o", "DPkg::Options::=--path-include=/usr/share/doc/postgresql-doc-*"),
            *("-o", "DPkg::Lock::Timeout=300"),
        ),
        refresh=("apt-get", "update", "-q"),
        environment={"DEBIAN_FRONTEND": "noninteractive"},
    ),
    Manager("dnf", install=("dnf", "install", "-y", "-q"), refresh=("dnf", "makecache", "-q")),
    Manager("brew", install=("brew", "install", "-q"), refresh=("brew", "update", "-q"), as_root=False),
)


def _everywhere(name: str, *, service: str = "", needed: bool = True) -> Package:
    return Package(name, {manager.name: name for manager in MANAGERS}, service, needed)


HAPROXY = _everywhere("haproxy", service="haproxy")
VENV = Package("ensurepip", {"apt-get": f"python{sys.version_info.major}.{sys.version_info.minor}-venv"})
NODE = (
    Package("node", {"apt-get": "nodejs", "dnf": "nodejs", "brew": "node"}, needed=False),
    Package("npm", {"apt-get": "npm", "dnf": "nodejs-npm", "brew": "node"}, needed=False),
)
CHROMIUM = Package("chromium", dict.fromkeys(("apt-get", "dnf"), "chromium"), needed=False)
MANUAL = Package(
    "/usr/share/doc/postgresql-doc-15/html/index.html", {"apt-get": "postgresql-doc-15"}, needed=False
)
WANTED: Mapping[str, Sequence[Package]] = {
    "run": (),
    "test": (
        MANUAL,
        CHROMIUM,
        *NODE,
        *(_everywhere(name, needed=False) for name in ("openssl", "curl", "socat")),
        Package("/usr/lib/postgresql", {"apt-get": "postgresql"}, "postgresql", needed=False),
        Package("prometheus", dict.fromkeys(("apt-get", "brew"), "prometheus"), "prometheus", needed=False),
    ),
    "bench": (
        MANUAL,
        CHROMIUM,
        *NODE,
        Package("nginx", {"apt-get": "nginx-light", "dnf": "nginx", "brew": "nginx"}, "nginx", needed=False),
        Package("varnishd", dict.fromkeys(("apt-get", "dnf", "brew"), "varnish"), "varnish", needed=False),
        Package("h2load", {"apt-get": "nghttp2-client", "dnf": "nghttp2", "brew": "nghttp2"}, needed=False),
        _everywhere("wrk", needed=False),
    ),
}


def add(wanted: Sequence[Package]) -> None:
    """Install those that are missing. Raises PrepareError where a needed one can't be had."""
    missing = [package for package in wanted if not package.present]
    if not missing:
        return
    manager = next((manager for manager in MANAGERS if shutil.which(manager.name)), None)
    for package in missing:
        name = package.names.get(manager.name) if manager else None
        if manager and name and _install(manager, name):
            _switch_off(manager, package)
        elif package.needed:
            known = " or ".join(manager.name for manager in MANAGERS)
            how = f"with {manager.name}: see above" if manager else f"without {known}"
            raise PrepareError(
                f"{package.proof} is missing and can't be installed {how} (install it, then try again)"
            )
        else:
            say(f"{name or package.proof} can't be had here; what needs it is skipped")


def _install(manager: Manager, name: str) -> bool:
    """Whether it worked; the package lists are fetched and it is tried once more when it didn't."""
    install, refresh = _as_command(manager, manager.install), _as_command(manager, manager.refresh)
    if install[0] == "sudo" and not shutil.which("sudo"):
        raise PrepareError(
            f"{name} is missing: expected to be root or to have sudo (install it, then try again)"
        )
    say(f"installing {name}: {'sudo ' if install[0] == 'sudo' else ''}{manager.name} install {name}")
    done = _run([*install, name])
    if done.returncode and _run(refresh).returncode == 0:
        done = _run([*install, name])
    if done.returncode:
        sys.stderr.write((done.stdout or "")[-2000:])
    return done.returncode == 0


def _as_command(manager: Manager, command: Sequence[str]) -> list[str]:
    environment = [f"{key}={value}" for key, value in manager.environment.items()]
    told = ["env", *environment, *command] if environment else list(command)
    return ["sudo", *told] if manager.as_root and os.geteuid() != 0 else told


def _switch_off(manager: Manager, package: Package) -> None:
    """Debian starts what it installs, which would hold ports that the machine's owner never gave away."""
    if not package.service or manager.name != "apt-get":
        return
    say(f"switching the packaged service {package.service} off: it is run from here, when it is needed")
    for command in (("service", package.service, "stop"), ("update-rc.d", package.service, "disable")):
        _run(_as_command(manager, command))


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def say(sentence: str) -> None:
    sys.stderr.write(f"portico: {sentence}\n")
    sys.stderr.flush()
