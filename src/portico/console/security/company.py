"""The company's identity provider as the settings name it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from portico.config.console import Console
from portico.kit.errors import ConfigError
from portico.operators.operator import Role
from portico.operators.vouched import Provider

WAY = "/sign-in/company"


@dataclass(frozen=True, slots=True)
class Company:
    """`name` is what its button says."""

    name: str
    asked: Console

    @classmethod
    def of(cls, asked: Console) -> Company | None:
        return cls(asked.oidc_name, asked) if asked.oidc_issuer else None

    def way(self, to: str) -> str:
        return f"{WAY}?{urlencode({'next': to})}"

    def provider(self) -> Provider:
        """The secret is read each time: whoever changes it need not restart anything. Raises ConfigError."""
        asked = self.asked
        pairs = [text.rpartition("=") for text in asked.oidc_roles]
        roles = {group.strip(): Role.of(role) for group, _, role in pairs}
        secret = _secret(asked.oidc_client_secret_file)
        return Provider(asked.oidc_issuer or "", asked.oidc_client_id or "", secret, asked.oidc_claim, roles)


def _secret(file: Path | None) -> str:
    try:
        return file.read_text().strip() if file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "the provider's secret can't be read", where="console/oidc_client_secret_file"
        ) from error
