"""Codes of an authenticator app, and the codes on paper for when the phone is lost. Each counts once."""

from __future__ import annotations

import base64
import hmac
import re
import secrets

import pyotp

from portico.operators import book
from portico.operators.book import Book

STEP_S = 30
AROUND = 1
"""Steps before and after that count, too: clocks differ, and people type slowly."""

RECOVERY_CODES = 10
ISSUER = "Portico console"


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, name: str, host: str) -> str:
    """What the app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=f"{ISSUER} {host}")


def step(secret: str, code: str, now: float) -> int | None:
    """The step of time that the code is of, or None where it is of none that counts now. Pure."""
    plain = re.sub(r"\s", "", code)
    current = int(now // STEP_S)
    steps = range(current - AROUND, current + AROUND + 1)
    return next((one for one in steps if hmac.compare_digest(_code(secret, one), plain.encode())), None)


def activate(kept: Book, name: str, secret: str, code: str) -> bool:
    """Whether the code was right; the secret counts from then on."""
    used = step(secret, code, kept.now)
    if used is None:
        return False
    with kept.writing():
        kept.put("UPDATE operators SET totp = ?, totp_step = ? WHERE name = ?", (secret, used, name))
        kept.record("factor-added", name, factor="totp")
    return True


def remove(kept: Book, name: str) -> None:
    with kept.writing():
        kept.put("UPDATE operators SET totp = NULL WHERE name = ?", (name,))
        kept.record("factor-removed", name, factor="totp")


def use(kept: Book, name: str, code: str) -> bool:
    """Whether it is a code of now, and was not used before: compare and set."""
    row = kept.one("SELECT totp FROM operators WHERE name = ?", (name,))
    used = step(row[0], code, kept.now) if row and row[0] else None
    if used is None:
        return False
    changed = kept.put(
        "UPDATE operators SET totp_step = ? WHERE name = ? AND totp_step < ?", (used, name, used)
    )
    return changed == 1


def new_recovery_codes(kept: Book, name: str) -> list[str]:
    """Shown once; those of before are void."""
    codes = [_readable(secrets.token_bytes(10)) for _ in range(RECOVERY_CODES)]
    with kept.writing():
        kept.put("DELETE FROM recovery_codes WHERE name = ?", (name,))
        for code in codes:
            kept.put("INSERT INTO recovery_codes VALUES (?, ?)", (name, _recovery_digest(code)))
        kept.record("recovery-codes", name)
    return codes


def use_recovery(kept: Book, name: str, code: str) -> bool:
    """Whether it was one of the person's; it is no longer."""
    with kept.writing():
        gone = kept.put(
            "DELETE FROM recovery_codes WHERE name = ? AND digest = ?", (name, _recovery_digest(code))
        )
        if gone:
            left = kept.one("SELECT count(*) FROM recovery_codes WHERE name = ?", (name,))[0]
            kept.record("recovery-code-used", name, left=left)
    return gone == 1


def _code(secret: str, at: int) -> bytes:
    return pyotp.TOTP(secret, interval=STEP_S).generate_otp(at).encode()


def _readable(data: bytes) -> str:
    text = base64.b32encode(data).decode().lower()
    return "-".join(text[n : n + 4] for n in range(0, len(text), 4))


def _recovery_digest(code: str) -> str:
    return book.digest(re.sub(r"[\s-]", "", code).lower())
