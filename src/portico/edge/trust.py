"""What a person does so that his browser trusts the stack's CA. Told, never done: a root is his to trust."""

from __future__ import annotations

import shlex
from pathlib import Path

_NAME = "portico-local-ca"


def instructions(ca: Path, platform: str) -> str:
    """`platform` is one of debian, fedora, macos, windows; any other gets them all."""
    file = shlex.quote(str(ca))
    known = _systems(file)
    systems = [known[platform]] if platform in known else list(known.values())
    return "\n\n".join(
        (f"The local CA is {ca}. It can sign for this stack's hosts only.", *systems, _firefox(ca, file))
    )


def _systems(file: str) -> dict[str, str]:
    return {
        "debian": _told(
            "Debian and Ubuntu",
            f"sudo cp {file} /usr/local/share/ca-certificates/{_NAME}.crt",
            "sudo update-ca-certificates",
            undo=f"sudo rm /usr/local/share/ca-certificates/{_NAME}.crt, then update-ca-certificates --fresh",
        ),
        "fedora": _told(
            "Fedora",
            f"sudo cp {file} /etc/pki/ca-trust/source/anchors/{_NAME}.pem",
            "sudo update-ca-trust",
            undo=f"sudo rm /etc/pki/ca-trust/source/anchors/{_NAME}.pem && sudo update-ca-trust",
        ),
        "macos": _told(
            "macOS",
            f"security add-trusted-cert -k ~/Library/Keychains/login.keychain-db {file}",
            undo=f"security remove-trusted-cert {file}",
        ),
        "windows": _told(
            "Windows, in PowerShell",
            f"Import-Certificate -CertStoreLocation Cert:\\CurrentUser\\Root -FilePath {file}",
            undo="certmgr.msc, Trusted Root Certification Authorities",
        ),
    }


def _firefox(ca: Path, file: str) -> str:
    return _told(
        "Firefox, and Chromium on Linux (certutil is in libnss3-tools or nss-tools)",
        f"certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n {_NAME} -i {file}",
        f"Firefox: Settings, Privacy & Security, View Certificates, Authorities, Import {ca}",
        undo=f"certutil -d sql:$HOME/.pki/nssdb -D -n {_NAME}",
    )


def _told(title: str, *steps: str, undo: str) -> str:
    return "\n".join((f"{title}:", *(f"    {step}" for step in steps), f"  to undo: {undo}"))
