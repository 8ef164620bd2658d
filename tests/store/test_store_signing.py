"""Keys on disk and signatures over manifests."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import x25519

from portico.kit.errors import ConfigError, IntegrityError
from portico.store import signing
from support import snapshots


def test_the_private_key_is_for_its_owner_alone(tmp_path: Path):
    keys = snapshots.keys(tmp_path)
    assert keys.private_file.stat().st_mode & 0o777 == 0o600


def test_making_keys_again_keeps_them(tmp_path: Path):
    before = snapshots.keys(tmp_path).private_file.read_bytes()
    assert snapshots.keys(tmp_path).private_file.read_bytes() == before


def test_a_lost_public_key_is_made_again_from_the_private_one(tmp_path: Path):
    keys = snapshots.keys(tmp_path)
    before = keys.public_file.read_bytes()
    keys.public_file.unlink()
    assert snapshots.keys(tmp_path).public_file.read_bytes() == before


def test_a_private_key_that_others_can_read_is_refused(tmp_path: Path):
    keys = snapshots.keys(tmp_path)
    keys.private_file.chmod(0o644)
    with pytest.raises(ConfigError, match="read by others"):
        signing.load_private(keys.private_file)


def test_a_signature_holds_for_its_bytes_and_no_others(keys: snapshots.Keys):
    signature = signing.sign(keys.private, b"manifest")
    signing.verify(keys.public, b"manifest", signature, where="here")
    with pytest.raises(IntegrityError, match="not by our key"):
        signing.verify(keys.public, b"manifesT", signature, where="here")


def test_a_signature_of_another_key_is_refused(tmp_path: Path, keys: snapshots.Keys):
    stranger = snapshots.keys(tmp_path)
    with pytest.raises(IntegrityError, match="not by our key"):
        signing.verify(keys.public, b"manifest", signing.sign(stranger.private, b"manifest"), where="here")


def test_a_signature_over_the_bare_bytes_is_not_one_over_a_snapshot(keys: snapshots.Keys):
    with pytest.raises(IntegrityError):
        signing.verify(keys.public, b"manifest", keys.private.sign(b"manifest"), where="here")


@pytest.mark.parametrize("content", [b"", b"not a key", None])
def test_a_file_that_is_no_key_is_told_by_its_name(tmp_path: Path, content: bytes | None):
    path = tmp_path / "signing.pub"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"signing\.pub: expected an Ed25519 public key"):
        signing.load_public(path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path):
    pem = (
        x25519.X25519PrivateKey.generate()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    path = tmp_path / "other.pub"
    path.write_bytes(pem)
    with pytest.raises(ConfigError, match="another kind"):
        signing.load_public(path)
