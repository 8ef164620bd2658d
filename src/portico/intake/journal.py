"""A folder of posts, each a file that is written whole and synced before it counts.

Replicas add, the relay takes.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from portico.intake import post
from portico.kit import files

POSTS, COPIES, QUARANTINE = "posts", "copies", "quarantine"
"""What a cluster took, what it keeps for the other one, and what could not be delivered."""

_KEYS = "keys"
_ALONE = ".alone"


def create(intake: Path) -> None:
    """A cluster's folders, for their owner alone; what is there stays."""
    for folder in (intake, *(intake / name for name in (POSTS, COPIES, QUARANTINE, _KEYS))):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


class Journal:
    """`folder` is one of `posts`, `copies` and `quarantine` in a cluster's intake folder.

    A name is `<received ms, 13 digits>.<key, 32 hex>.<form>`. A post is `alone` as long as the other cluster
    has no copy of it; the mark stands in its file's name, so that it is taken away by a rename.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys = folder.parent / _KEYS

    def append(self, name: str, data: bytes, *, alone: bool = False) -> None:
        """On disk when this returns, or not there at all; the same name again is the same post.

        Raises PorticoError when the disk is full.
        """
        files.write_whole(self._folder / (name + _ALONE if alone else name), data, mode=0o600)

    def names(self) -> list[str]:
        """Of the posts here, the oldest first."""
        return sorted({file.removesuffix(_ALONE) for file in self._files()})

    def alone(self) -> list[str]:
        """Of those that the other cluster has no copy of, the oldest first."""
        found = self._files()
        return sorted(
            name for file in found if (name := file.removesuffix(_ALONE)) != file and name not in found
        )

    def has(self, name: str) -> bool:
        return any(file.exists() for file in self._places(name))

    def read(self, name: str) -> bytes:
        """Its bytes, sealed. Raises FileNotFoundError when it was taken meanwhile."""
        for file in (*self._places(name), self._folder / name):
            with contextlib.suppress(FileNotFoundError):
                return file.read_bytes()
        raise FileNotFoundError(str(self._folder / name))

    def copied(self, name: str) -> None:
        """Note that the other cluster has it, too."""
        with contextlib.suppress(FileNotFoundError):
            (self._folder / (name + _ALONE)).replace(self._folder / name)
            files.sync_folder(self._folder)

    def remove(self, name: str) -> None:
        """Forget it for good; nothing happens when it is gone already."""
        for file in self._places(name):
            file.unlink(missing_ok=True)
        files.sync_folder(self._folder)
        self._release(name)

    def quarantine(self, name: str) -> None:
        """Put aside what can't be delivered, for a person to look at."""
        aside = self._folder.parent / QUARANTINE
        for file in self._places(name):
            with contextlib.suppress(FileNotFoundError):
                file.replace(aside / name)
        files.sync_folder(aside)
        files.sync_folder(self._folder)
        self._release(name)

    def reserve(self, name: str) -> str:
        """The name by which this post's key is known in the cluster: `name`, or the one of who came before.

        Not synced: a name that is lost in a power cut costs a second file, which the studio knows by its key.
        """
        known = post.parse_name(name)
        if known is None:
            raise ValueError(f"{name!r} is no post's name")
        link = self._keys / known.key
        for _ in range(2):
            try:
                link.symlink_to(name)
            except FileExistsError:
                with contextlib.suppress(FileNotFoundError):
                    return str(link.readlink())
            else:
                return name
        return name

    def _release(self, name: str) -> None:
        known = post.parse_name(name)
        if known:
            (self._keys / known.key).unlink(missing_ok=True)

    def _places(self, name: str) -> tuple[Path, Path]:
        return self._folder / name, self._folder / (name + _ALONE)

    def _files(self) -> set[str]:
        """A folder that isn't there holds nothing; half-written files have names of their own."""
        with contextlib.suppress(FileNotFoundError):
            return {file for file in os.listdir(self._folder) if _is_post(file)}  # noqa: PTH208 - names, many of them
        return set()


def _is_post(file: str) -> bool:
    return post.parse_name(file.removesuffix(_ALONE)) is not None
