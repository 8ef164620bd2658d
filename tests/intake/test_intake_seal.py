"""What is sealed for the relay, the relay alone opens."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.intake import seal
from portico.kit.errors import ConfigError, IntegrityError


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("seal")
    made = folder / "intake.key", folder / "intake.pub"
    seal.create_keys(*made)
    return made


@given(data=st.binary(max_size=2000))
def test_what_was_sealed_opens_to_the_same_bytes(keys: tuple[Path, Path], data: bytes):
    assert seal.Opener(keys[0]).open(seal.Sealer(keys[1]).seal(data)) == data


@given(data=st.binary(max_size=200), at=st.integers(0), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused(keys: tuple[Path, Path], data: bytes, at: int, bit: int):
    sealed = bytearray(seal.Sealer(keys[1]).seal(data))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(IntegrityError):
        seal.Opener(keys[0]).open(bytes(sealed))


@pytest.mark.parametrize("junk", [b"", b"short", bytes(48), bytes(500)])
def test_what_was_never_sealed_is_refused(keys: tuple[Path, Path], junk: bytes):
    with pytest.raises(IntegrityError):
        seal.Opener(keys[0]).open(junk)


def test_the_key_is_for_its_owner_alone_and_stays(keys: tuple[Path, Path]):
    private, public = keys
    before = private.read_bytes(), public.read_bytes()
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    seal.create_keys(private, public)
    assert (private.read_bytes(), public.read_bytes()) == before


def test_a_lost_public_key_is_made_anew_from_the_private_one(keys: tuple[Path, Path]):
    private, public = keys
    before = public.read_bytes()
    public.unlink()
    seal.create_keys(private, public)
    assert public.read_bytes() == before


def test_a_key_that_others_can_read_is_refused(tmp_path: Path):
    seal.create_keys(tmp_path / "key", tmp_path / "pub")
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(ConfigError, match="can be read by others"):
        seal.Opener(tmp_path / "key")


@pytest.mark.parametrize("text", [b"", b"zz", b"ab" * 31, b"ab" * 33])
def test_a_file_that_holds_no_key_is_told(tmp_path: Path, text: bytes):
    file = tmp_path / "pub"
    file.write_bytes(text)
    with pytest.raises(ConfigError, match="64 hex digits"):
        seal.Sealer(file)
    with pytest.raises(ConfigError, match="64 hex digits"):
        seal.Sealer(tmp_path / "none")
