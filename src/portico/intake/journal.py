"""A folder of posts, each a file that is written whole and synced before it counts.

Replicas add, the relay takes.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from portico.intake import post
from portico.kit import files

POSTS, COPIES, QUARANTINE = "posts", "copies", "quarantine"
"""What a cluster took, what it keeps for the other one, and what could not be delivered."""

_ALONE, _KEYS = "alone", "keys"
_ABANDONED_S = 60.0
"""A file that is half written for so long has lost its writer."""


def create(intake: Path) -> None:
    """A cluster's folders, for their owner alone; what is there stays."""
    for name in (".", POSTS, f"{POSTS}/{_ALONE}", COPIES, QUARANTINE, _KEYS):
        (intake / name).mkdir(mode=0o700, parents=True, exist_ok=True)


class Journal:
    """`folder` is one of `posts`, `copies` and `quarantine` in a cluster's intake folder.

    A name is `<received ms, 13 digits>.<key, 32 hex>.<form>`. A post is `alone` as long as the other cluster
    has no copy of it; it lies in a folder of its own until then, so that those who copy find it at once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._alone = folder / _ALONE
        self._keys = folder.parent / _KEYS

    def append(self, name: str, data: bytes, *, alone: bool = False) -> None:
        """On disk when this returns, or not there at all; the same name again is the same post.

        Raises PorticoError when the disk is full.
        """
        files.write_whole((self._alone if alone else self._folder) / name, data, mode=0o600)

    def names(self) -> list[str]:
        """Of the posts here, the oldest first."""
        return sorted({*_posts(self._folder), *_posts(self._alone)})

    def alone(self) -> list[str]:
        """Of those that the other cluster has no copy of, the oldest first."""
        return sorted(_posts(self._alone))

    def has(self, name: str) -> bool:
        """Whether it is here, on disk: one that was only just renamed into place is waited for."""
        found = [file.parent for file in self._places(name) if file.exists()]
        for folder in found:
            files.sync_folder(folder)
        return bool(found)

    def read(self, name: str) -> bytes:
        """Its bytes, sealed. Raises FileNotFoundError when it was taken meanwhile."""
        for file in self._places(name):
            with contextlib.suppress(FileNotFoundError):
                return file.read_bytes()
        return (self._folder / name).read_bytes()

    def copied(self, name: str) -> None:
        """Note that the other cluster has it, too."""
        with contextlib.suppress(FileNotFoundError):
            (self._alone / name).replace(self._folder / name)
            files.sync_folder(self._folder)

    def remove(self, name: str) -> None:
        """Forget it for good; nothing happens when it is gone already."""
        for file in self._places(name):
            file.unlink(missing_ok=True)
        self.release(name)

    def quarantine(self, name: str) -> None:
        """Put aside what can't be delivered, for a person to look at."""
        aside = self._folder.parent / QUARANTINE
        for file in self._places(name):
            with contextlib.suppress(FileNotFoundError):
                file.replace(aside / name)
        files.sync_folder(aside)
        self.release(name)

    def reserve(self, name: str) -> str:
        """The name by which this post's key is known in the cluster: `name`, or the one of who came before.

        Not synced: what a power cut takes of it costs a second file, and the studio knows the key as well.
        """
        link = self._keys / _key(name)
        try:
            link.symlink_to(name)
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):
                return str(link.readlink())
        return name

    def release(self, name: str) -> None:
        """Let the key be unknown again."""
        (self._keys / _key(name)).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what a writer that was killed left half written."""
        oldest = time.time() - _ABANDONED_S
        for folder in (self._folder, self._alone):
            for left in folder.glob(".*.tmp"):
                with contextlib.suppress(FileNotFoundError):
                    if left.stat().st_mtime < oldest:
                        left.unlink()

    def _places(self, name: str) -> tuple[Path, Path]:
        """In the order in which a post moves."""
        return self._alone / name, self._folder / name


def _key(name: str) -> str:
    known = post.parse_name(name)
    if known is None:
        raise ValueError(f"{name!r} is no post's name")
    return known.key


def _posts(folder: Path) -> list[str]:
    """A folder that isn't there holds nothing; half-written files have names of their own."""
    with contextlib.suppress(FileNotFoundError):
        return [name for name in os.listdir(folder) if post.parse_name(name)]  # noqa: PTH208 - names, many of them
    return []
