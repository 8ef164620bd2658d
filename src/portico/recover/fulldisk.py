"""Makes the disk under one folder full, for a while. Needs root; others shut the folder instead."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SIZE = "64k"


@contextlib.contextmanager
def full(folder: Path) -> Iterator[str]:
    """What was done to it. What lies there is out of sight meanwhile, and back afterwards."""
    if os.geteuid() == 0 and shutil.which("mount"):
        with _covered(folder):
            yield "a full disk mounted over it"
        return
    with _shut(folder):
        yield "its folders shut, as a disk that is mounted needs root"


def uncover(folder: Path) -> None:
    """Take away what a drill that was killed left there."""
    while os.path.ismount(folder):
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextlib.contextmanager
def _covered(folder: Path) -> Iterator[None]:
    inner = [(path.relative_to(folder), path.stat()) for path in sorted(folder.glob("**/")) if path != folder]
    owner = folder.stat()
    option = f"size={SIZE},mode={owner.st_mode & 0o777:o},uid={owner.st_uid},gid={owner.st_gid}"
    command = ["mount", "-t", "tmpfs", "-o", option, "portico-drill", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        for name, status in inner:
            (folder / name).mkdir(mode=status.st_mode & 0o777)
            os.chown(folder / name, status.st_uid, status.st_gid)
        _fill(folder / "full")
        yield
    finally:
        uncover(folder)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filled:
        try:
            while True:
                filled.write(bytes(4096))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


@contextlib.contextmanager
def _shut(folder: Path) -> Iterator[None]:
    modes = {path: path.stat().st_mode & 0o777 for path in folder.glob("**/")}
    try:
        for path in modes:
            path.chmod(0o500)
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
