"""Ed25519 over root manifests. The private key stays with the keeper; replicas hold the public one."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portico.kit import files
from portico.kit.errors import ConfigError, IntegrityError

_CONTEXT = b"portico snapshot\n"


def create_keys(private: Path, public: Path) -> None:
    """Make a key pair where there is none; the private file is readable by its owner alone."""
    if not private.exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        files.write_whole(private, pem, mode=0o600)
    pem = (
        load_private(private)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    if not public.exists() or public.read_bytes() != pem:
        files.write_whole(public, pem)


def load_private(path: Path) -> Ed25519PrivateKey:
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError("the signing key can be read by others", where=str(path), hint="chmod 600 it")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise ConfigError(f"expected an Ed25519 private key in PEM: {error}", where=str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError("expected an Ed25519 private key, got another kind", where=str(path))
    return key


def load_public(path: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(f"expected an Ed25519 public key in PEM: {error}", where=str(path)) from error
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigError("expected an Ed25519 public key, got another kind", where=str(path))
    return key


def sign(key: Ed25519PrivateKey, manifest: bytes) -> bytes:
    return key.sign(_CONTEXT + manifest)


def verify(key: Ed25519PublicKey, manifest: bytes, signature: bytes, *, where: str) -> None:
    """Raises IntegrityError unless `signature` is over exactly these bytes."""
    try:
        key.verify(signature, _CONTEXT + manifest)
    except InvalidSignature as error:
        raise IntegrityError("the manifest's signature is not by our key", where=where) from error
