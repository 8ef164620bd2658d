from __future__ import annotations

import os
from pathlib import Path

import pytest

from portico.config import models
from portico.config.home import Home
from portico.kit.errors import SourceError
from portico.snapshot import folder, sources
from support.freezing import Stack, write


def paths(root: Path) -> list[str]:
    return sorted(item.path for item in folder.Folder(root).items())


def test_hidden_files_and_the_rules_are_not_published(tmp_path):
    write(
        tmp_path,
        {
            "index.html": "x", ".git/config": "x", ".DS_Store": "x", "a/.hidden": "x", "_headers": "",
            "_redirects": "", "a/_headers": "x", ".well-known/security.txt": "x",
        },
    )  # fmt: skip
    assert paths(tmp_path) == ["/", "/.well-known/security.txt", "/a/_headers"]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SourceError, match="there is no such folder"):
        list(folder.Folder(tmp_path / "none").items())
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="expected a folder"):
        list(folder.Folder(tmp_path / "file").items())


def test_a_symlink_inside_the_folder_is_followed(tmp_path):
    write(tmp_path / "site", {"v2/index.html": "x", "logo.png": "x"})
    (tmp_path / "site/latest").symlink_to("v2")
    (tmp_path / "site/icon.png").symlink_to("logo.png")
    assert paths(tmp_path / "site") == ["/icon.png", "/latest/", "/logo.png", "/v2/"]


def test_the_folder_itself_may_be_a_symlink(tmp_path):
    write(tmp_path / "build-7", {"index.html": "x", "a.png": "x"})
    (tmp_path / "build-7/b.png").symlink_to("a.png")
    (tmp_path / "current").symlink_to("build-7")
    assert paths(tmp_path / "current") == ["/", "/a.png", "/b.png"]


@pytest.mark.parametrize(
    ("target", "message"),
    [("../secret", "leaves the folder"), ("nothing", "leads nowhere"), (".", "round in a circle")],
)
def test_any_other_symlink_is_refused(tmp_path, target, message):
    write(tmp_path, {"secret": "x", "site/index.html": "x"})
    (tmp_path / "site/link").symlink_to(target)
    with pytest.raises(SourceError, match=message) as caught:
        paths(tmp_path / "site")
    assert caught.value.where.endswith("site/link")


def test_folders_that_lead_into_each_other_are_refused(tmp_path):
    write(tmp_path, {"a/x": "x", "b/x": "x"})
    (tmp_path / "a/b").symlink_to("../b")
    (tmp_path / "b/a").symlink_to("../a")
    with pytest.raises(SourceError, match="round in a circle"):
        paths(tmp_path)


def test_what_is_neither_file_nor_folder_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="expected a file or a folder"):
        paths(tmp_path)


def test_a_name_that_is_not_utf8_is_refused(tmp_path):
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.html"))).touch()
    with pytest.raises(SourceError, match="expected a file name in UTF-8"):
        paths(tmp_path)


def test_a_name_with_control_characters_is_refused(tmp_path):
    (tmp_path / "a\nb.html").touch()
    with pytest.raises(SourceError, match="without control characters"):
        paths(tmp_path)


def test_two_files_for_one_path_are_refused_by_name(stack: Stack):
    stack.write({"about": "x"})
    with pytest.raises(SourceError, match=r"about and about\.html both answer /about"):
        stack.freeze()


def test_a_file_that_changes_while_it_is_read_is_noticed(tmp_path):
    write(tmp_path, {"index.html": "one"})
    source = folder.Folder(tmp_path)
    (item,) = source.items()

    def read_while_it_changes():
        with source.open(item) as stream:
            stream.read(1)
            write(tmp_path, {"index.html": "another"})

    with pytest.raises(SourceError, match="changed while it was read") as caught:
        read_while_it_changes()
    assert caught.value.temporary


def test_a_file_that_vanishes_is_noticed(tmp_path):
    write(tmp_path, {"index.html": "one"})
    source = folder.Folder(tmp_path)
    (item,) = source.items()
    (tmp_path / "index.html").unlink()
    with pytest.raises(SourceError, match="vanished") as caught, source.open(item):
        pass
    assert caught.value.where == str(tmp_path / "index.html")


def test_a_file_changed_this_very_moment_is_not_settled(tmp_path):
    write(tmp_path, {"index.html": "one"})
    now = (tmp_path / "index.html").stat().st_ctime_ns
    (fresh,) = folder.Folder(tmp_path, clock=lambda: now + 1).items()
    (old,) = folder.Folder(tmp_path, clock=lambda: now + 3_000_000_000).items()
    assert (fresh.settled, old.settled) == (False, True)


def test_without_a_folder_the_source_is_the_starter_page(tmp_path):
    source = sources.of(models.Source(kind="folder"), Home(tmp_path))
    assert source.label == str(folder.starter())


def test_a_rule_file_that_is_not_utf8_is_refused(tmp_path):
    write(tmp_path, {"_redirects": b"/caf\xe9 /x"})
    with pytest.raises(SourceError, match="expected UTF-8"):
        folder.Folder(tmp_path).rules()
