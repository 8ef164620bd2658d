"""Posts at rest: who has the public key may seal one, the relay alone opens it."""

from __future__ import annotations

import binascii
from pathlib import Path

from nacl import exceptions, public

from portico.kit import files
from portico.kit.errors import ConfigError, IntegrityError


def create_keys(private: Path, public_file: Path) -> None:
    """Make a key pair where there is none; the private file is readable by its owner alone."""
    if not private.exists():
        made = public.PrivateKey.generate()
        files.write_whole(private, _text(bytes(made)), mode=0o600)
    text = _text(bytes(_private(private).public_key))
    if not public_file.exists() or public_file.read_bytes() != text:
        files.write_whole(public_file, text)


class Sealer:
    """Raises ConfigError when the file holds no public key."""

    def __init__(self, public_file: Path) -> None:
        self._box = public.SealedBox(public.PublicKey(_key(public_file)))

    def seal(self, data: bytes) -> bytes:
        return self._box.encrypt(data)


class Opener:
    """Raises ConfigError when the file holds no private key, or others can read it."""

    def __init__(self, private_file: Path) -> None:
        self._box = public.SealedBox(_private(private_file))

    def open(self, data: bytes) -> bytes:
        """Raises IntegrityError unless `data` was sealed for this key and is whole."""
        try:
            return self._box.decrypt(data)
        except (exceptions.CryptoError, ValueError, TypeError) as error:
            raise IntegrityError("a post was not sealed for our key, or is damaged") from error


def _private(path: Path) -> public.PrivateKey:
    if path.exists() and path.stat().st_mode & 0o077:
        raise ConfigError("the intake's key can be read by others", where=str(path), hint="chmod 600 it")
    return public.PrivateKey(_key(path))


def _key(path: Path) -> bytes:
    try:
        key = binascii.unhexlify(path.read_bytes().strip())
    except (OSError, ValueError) as error:
        raise ConfigError(f"expected a key of 64 hex digits: {error}", where=str(path)) from error
    if len(key) != public.PublicKey.SIZE:
        raise ConfigError(f"expected a key of 64 hex digits, got {2 * len(key)}", where=str(path))
    return key


def _text(key: bytes) -> bytes:
    return binascii.hexlify(key) + b"\n"
