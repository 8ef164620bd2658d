"""Files are written whole or not at all."""

import contextlib
import os
import resource
import signal
import subprocess
import sys

import pytest

from portico.kit import files
from portico.kit.errors import PorticoError


def test_a_written_file_holds_the_bytes_and_nothing_lies_beside_it(tmp_path):
    files.write_whole(tmp_path / "page", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"page": b"new"}


def test_a_file_has_its_mode_from_the_first_moment(tmp_path):
    with files.replacing(tmp_path / "key", mode=0o600) as file:
        assert os.fstat(file.fileno()).st_mode & 0o777 == 0o600
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("durable", [True, False])
def test_an_error_while_writing_leaves_the_old_file_alone(tmp_path, durable):
    page = tmp_path / "page"
    page.write_bytes(b"old")
    with contextlib.suppress(KeyboardInterrupt), files.replacing(page, durable=durable) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"page": b"old"}


def test_a_writer_killed_in_the_middle_leaves_the_old_file(tmp_path):
    page = tmp_path / "page"
    page.write_bytes(b"old")
    script = (
        "import os, pathlib, signal, sys\n"
        "from portico.kit import files\n"
        "with files.replacing(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(page)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert page.read_bytes() == b"old"
    files.write_whole(page, b"new")
    assert page.read_bytes() == b"new"


def test_a_full_disk_is_one_clear_line_and_changes_nothing(small_disk):
    page = small_disk / "page"
    page.write_bytes(b"old")
    with pytest.raises(PorticoError, match="the disk is full, nothing was changed") as caught:
        files.write_whole(page, b"x" * (2 << 20))
    assert caught.value.temporary
    assert caught.value.hint
    assert [path.name for path in small_disk.iterdir()] == ["page"]
    assert page.read_bytes() == b"old"


def test_a_file_over_the_allowed_size_leaves_no_temporary_file(tmp_path):
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    script = (
        "import pathlib, sys\nfrom portico.kit import files\n"
        "files.write_whole(pathlib.Path(sys.argv[1]), b'x' * 8192)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "page")]
    done = subprocess.run(command, check=False, preexec_fn=limited, capture_output=True, text=True)
    assert "File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_readers_only_ever_see_whole_files(tmp_path):
    page = tmp_path / "page"
    files.write_whole(page, b"0" * 65536)
    script = (
        "import pathlib, sys\nfrom portico.kit import files\n"
        "for turn in range(200):\n"
        "    files.write_whole(pathlib.Path(sys.argv[1]), b'%d' % (turn % 10) * 65536, durable=False)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(page)]) as writer:
        while writer.poll() is None:
            data = page.read_bytes()
            assert len(data) == 65536
            assert len(set(data)) == 1
    assert writer.returncode == 0


def test_what_a_killed_writer_left_is_swept_and_nothing_else(tmp_path):
    for name in (".page.0a1b2c3d.tmp", ".other.0a1b2c3d.tmp", "page", "page.tmp"):
        (tmp_path / name).touch()
    files.sweep(tmp_path, "page")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".other.0a1b2c3d.tmp", "page", "page.tmp"]
