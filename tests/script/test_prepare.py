"""What is missing is made or installed, which is said and not asked. The package managers are stand-ins."""

import fcntl
import os
import shutil
import subprocess
import sys

import pytest

from portico.kit.errors import Exit


def installing(machine, version="2.6.12"):
    """A script for a package manager that really brings HAProxy."""
    return f"""case "$*" in *install*haproxy*)
printf '#!/bin/sh\\necho HAProxy version {version} 2023/12/16\\n' > "{machine.programs}/haproxy"
chmod +x "{machine.programs}/haproxy" ;; esac"""


pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def machine(machine):
    (machine.checkout / ".venv").mkdir()
    return machine


def test_haproxy_is_installed_under_sudo_by_who_is_not_root(machine):
    machine.has("sudo", 'exec "$@"')
    machine.has("apt-get", installing(machine))
    for name in ("service", "update-rc.d"):
        machine.has(name)
    done = machine.prepare("haproxy", euid=1000)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "portico: installing haproxy: sudo apt-get install haproxy",
        "portico: switching the packaged service haproxy off: it is run from here, when it is needed",
    ]
    assert machine.calls[0].startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y")
    assert [call for call in machine.calls if call.startswith(("service", "update-rc.d"))] == [
        "service haproxy stop",
        "update-rc.d haproxy disable",
    ]
    assert (machine.checkout / ".venv" / "haproxy").exists()


def studio_of(machine, script):
    """A studio whose program makes the starter as `script` says."""
    code = machine.checkout / "src" / "portico" / "studio"
    code.mkdir(parents=True)
    (code / "models.py").write_text("one = 1")
    venv = machine.checkout / ".venv"
    (venv / "bin").mkdir()
    (venv / "run.lock").touch()
    python = venv / "bin" / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return code / "models.py"


def test_the_starter_is_made_once_for_each_state_of_the_studios_code(machine):
    code = studio_of(machine, 'mkdir "$4"')
    starter = machine.checkout / ".venv" / "starter"
    assert "half a minute" in machine.prepare("starter").stderr
    assert starter.is_dir()
    os.utime(code)
    assert machine.prepare("starter").stderr == ""
    code.write_text("two = 2")
    assert "half a minute" in machine.prepare("starter").stderr


def test_without_a_starter_everything_starts_all_the_same(machine):
    studio_of(machine, "echo no such table; exit 1")
    done = machine.prepare("starter")
    assert done.returncode == 0
    assert "no such table" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("; it is made when the studio starts")
    assert not (machine.checkout / ".venv" / "starter").exists()


def test_root_needs_no_sudo(machine):
    machine.has("apt-get", installing(machine))
    machine.has("sudo", "exit 1")
    for name in ("service", "update-rc.d"):
        machine.has(name)
    assert machine.prepare("haproxy").returncode == 0
    assert not any(call.startswith("sudo") for call in machine.calls)


def test_without_root_and_sudo_it_says_what_is_missing(machine):
    machine.has("apt-get")
    done = machine.prepare("haproxy", euid=1000)
    assert done.returncode == Exit.UNAVAILABLE
    assert done.stderr == (
        "portico: haproxy is missing: expected to be root or to have sudo (install it, then try again)\n"
    )


def test_the_package_lists_are_fetched_where_a_package_is_not_known(machine):
    machine.has(
        "apt-get", f'[ "$1" = update ] && touch lists; [ -e lists ] || exit 100\n{installing(machine)}'
    )
    for name in ("service", "update-rc.d"):
        machine.has(name)
    assert machine.prepare("haproxy").returncode == 0
    verbs = [call.split()[1] for call in machine.calls if call.startswith("apt-get")]
    assert verbs == ["install", "update", "install"]


def test_a_failing_package_manager_is_shown(machine):
    machine.has("apt-get", "echo E: no space left; exit 100")
    done = machine.prepare("haproxy")
    assert done.returncode == Exit.UNAVAILABLE
    assert "E: no space left" in done.stderr
    assert done.stderr.splitlines()[-1].startswith(
        "portico: haproxy is missing and can't be installed with apt-get"
    )


@pytest.mark.parametrize(
    ("manager", "euid", "first"), [("dnf", 1000, "sudo dnf"), ("brew", 1000, "brew install")]
)
def test_other_managers_are_asked_their_own_way(machine, manager, euid, first):
    machine.has("sudo", 'exec "$@"')
    machine.has(manager, installing(machine))
    assert machine.prepare("haproxy", euid=euid).returncode == 0
    assert machine.calls[0].startswith(first)


def test_without_a_package_manager_it_says_what_is_missing(machine):
    done = machine.prepare("haproxy")
    assert done.returncode == Exit.UNAVAILABLE
    assert done.stderr == (
        "portico: haproxy is missing and can't be installed without apt-get or dnf or brew"
        " (install it, then try again)\n"
    )


def test_a_haproxy_that_is_there_is_taken_in_silence(machine):
    machine.has_haproxy()
    done = machine.prepare("haproxy")
    assert (done.returncode, done.stderr) == (0, "")
    assert (machine.checkout / ".venv" / "haproxy").resolve() == machine.programs / "haproxy"


@pytest.mark.parametrize("version", ["2.2.9", "1.8.4"])
def test_a_haproxy_that_is_too_old_is_one_clear_line(machine, version):
    haproxy = machine.has_haproxy(version)
    done = machine.prepare("haproxy")
    found = version.rpartition(".")[0]
    assert done.returncode == Exit.UNAVAILABLE
    assert done.stderr.startswith(f"portico: {haproxy}: expected HAProxy 2.6 or newer, found {found}")
    assert not (machine.checkout / ".venv" / "haproxy").exists()


def test_two_runs_do_not_prepare_at_the_same_time(machine):
    machine.has_haproxy()
    fd = os.open(machine.checkout, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        command = [sys.executable, str(machine.checkout / "dev" / "prepare.py"), "haproxy"]
        environment = {"PATH": str(machine.programs)}
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as other:
            assert "waiting for another run" in other.stderr.readline()
            assert other.poll() is None
            fcntl.flock(fd, fcntl.LOCK_UN)
            assert other.wait(100) == 0
    finally:
        os.close(fd)


def test_a_half_made_environment_is_made_anew_and_finds_the_checkout(machine):
    venv = machine.checkout / ".venv"
    (venv / "unfinished").touch()
    (venv / "leftover").touch()
    shutil.copy(machine.checkout / "requirements" / "run.lock", venv)
    (machine.checkout / "src").mkdir()
    (machine.checkout / "src" / "portico.py").write_text("print('found')")
    done = machine.prepare("run")
    assert (done.returncode, done.stderr.count("\n")) == (0, 2)
    assert sorted(path.name for path in venv.iterdir() if path.is_file()) == ["pyvenv.cfg", "run.lock"]
    assert machine.run(venv / "bin" / "python", "-P", "-c", "import portico").stdout == "found\n"
    again = machine.prepare("run")
    assert (again.returncode, again.stderr) == (0, "")


def test_a_package_that_differs_from_its_hash_is_refused(machine, tmp_path):
    wheel = tmp_path / "thing-1.0-py3-none-any.whl"
    wheel.write_bytes(b"not what was locked")
    lock = machine.checkout / "requirements" / "run.lock"
    lock.write_text(f"thing @ file://{wheel} --hash=sha256:{'0' * 64}\n")
    (machine.checkout / ".venv").rmdir()
    done = machine.prepare("run")
    assert done.returncode == Exit.UNAVAILABLE
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("portico: the dependencies can't be installed: see above")
    assert (machine.checkout / ".venv" / "unfinished").exists()
