"""A folder of files as a source: what a static site generator wrote."""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from portico.config import models
from portico.config.home import Home
from portico.kit.errors import SourceError
from portico.snapshot import headers, redirects, urls
from portico.snapshot.items import Item, Rules

HEADERS = "_headers"
REDIRECTS = "_redirects"
WELL_KNOWN = ".well-known"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TICK_NS = 100_000_000
_COARSE_TICK_NS = 2_000_000_000


def starter() -> Path:
    """The built-in site, shown until there is another."""
    return Path(__file__).with_name("starter")


def from_settings(settings: models.Source, _home: Home) -> Folder:
    return Folder(settings.folder or starter())


class Folder:
    """The site is whatever lies in `root`, hidden files left out, `_headers` and `_redirects` obeyed."""

    def __init__(self, root: Path, *, clock: Callable[[], int] = time.time_ns) -> None:
        self._root = root
        self._clock = clock

    @property
    def label(self) -> str:
        return str(self._root)

    def rules(self) -> Rules:
        return Rules(
            headers=headers.parse(self._text(HEADERS), HEADERS),
            redirects=redirects.parse(self._text(REDIRECTS), REDIRECTS),
        )

    def items(self) -> Iterator[Item]:
        if not self._root.is_dir():
            what = "expected a folder" if self._root.exists() else "there is no such folder"
            raise SourceError(what, where=self.label, hint="look at `folder` in [source] of portico.toml")
        real = os.path.realpath(self._root)
        yield from self._walk("", (real,))

    @contextmanager
    def open(self, item: Item) -> Iterator[BinaryIO]:
        """The file's bytes; an error unless it is the same before and after."""
        try:
            with (self._root / item.name).open("rb") as file:
                self._check_same(item, os.fstat(file.fileno()))
                yield file
                self._check_same(item, os.fstat(file.fileno()))
        except OSError as error:
            if error.filename is None:
                raise
            raise self._unreadable(item.name, error) from error

    def _walk(self, inside: str, real_folders: tuple[str, ...]) -> Iterator[Item]:
        """Everything in the folder `inside` (empty, or ending in /); `real_folders` lead there."""
        try:
            entries = sorted(os.scandir(self._root / inside), key=lambda entry: entry.name)
        except OSError as error:
            raise self._unreadable(inside, error) from error
        for entry in entries:
            name = inside + entry.name
            if _is_hidden(entry.name, name):
                continue
            self._check_name(name)
            real = self._inside(entry, name, real_folders[0]) if entry.is_symlink() else ""
            status = self._status(entry, name)
            if stat.S_ISREG(status.st_mode):
                yield Item(urls.path_of(name), name, stamp_of(status), self._is_settled(status))
            elif stat.S_ISDIR(status.st_mode):
                folder = real or f"{real_folders[-1]}{os.sep}{entry.name}"
                if folder in real_folders:
                    raise SourceError("this symlink leads round in a circle", where=self._place(name))
                yield from self._walk(f"{name}/", (*real_folders, folder))
            else:
                raise SourceError("expected a file or a folder", where=self._place(name), hint="remove it")

    def _status(self, entry: os.DirEntry[str], name: str) -> os.stat_result:
        try:
            return entry.stat()
        except OSError as error:
            raise self._unreadable(name, error) from error

    def _inside(self, entry: os.DirEntry[str], name: str, root: str) -> str:
        """Where a symlink leads, if it is inside the folder: what isn't was hardly meant to be published."""
        try:
            real = os.path.realpath(entry.path, strict=True)
        except OSError as error:
            target = Path(entry.path).readlink()
            raise SourceError(f"this symlink leads nowhere: {target}", where=self._place(name)) from error
        if not real.startswith(f"{root}{os.sep}") and real != root:
            hint = "copy the file into the folder"
            raise SourceError(f"this symlink leaves the folder: {real}", where=self._place(name), hint=hint)
        return real

    def _check_name(self, name: str) -> None:
        if name.isprintable():
            return
        try:
            name.encode()
        except UnicodeEncodeError as error:
            shown = os.fsencode(name).decode(errors="backslashreplace")
            raise SourceError("expected a file name in UTF-8", where=self._place(shown)) from error
        if _CONTROL.search(name):
            what = "expected a file name without control characters"
            raise SourceError(what, where=self._place(ascii(name)))

    def _check_same(self, item: Item, status: os.stat_result) -> None:
        if stamp_of(status) != item.stamp:
            raise SourceError(
                "the file changed while it was read",
                where=self._place(item.name),
                hint="try again when the site's generator is done",
                temporary=True,
            )

    def _is_settled(self, status: os.stat_result) -> bool:
        """Whether the next change must leave another stamp: file systems count in ticks of up to two seconds.

        By ctime alone, which nobody can set.
        """
        tick = _TICK_NS if status.st_ctime_ns % 1_000_000_000 else _COARSE_TICK_NS
        return self._clock() - status.st_ctime_ns > tick

    def _text(self, name: str) -> str:
        path = self._root / name
        try:
            return path.read_text(encoding="utf-8-sig")
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except UnicodeDecodeError as error:
            raise SourceError("expected UTF-8", where=self._place(name)) from error
        except OSError as error:
            raise self._unreadable(name, error) from error

    def _unreadable(self, name: str, error: OSError) -> SourceError:
        if isinstance(error, FileNotFoundError):
            hint = "try again when the site's generator is done"
            return SourceError(
                "it vanished while it was read", where=self._place(name), hint=hint, temporary=True
            )
        return SourceError(f"can't be read: {error.strerror}", where=self._place(name))

    def _place(self, name: str) -> str:
        return str(self._root / name)


def stamp_of(status: os.stat_result) -> str:
    return f"{status.st_size}.{status.st_mtime_ns}.{status.st_ctime_ns}.{status.st_ino}"


def _is_hidden(file: str, name: str) -> bool:
    return (file[0] == "." and file != WELL_KNOWN) or name in {HEADERS, REDIRECTS}
