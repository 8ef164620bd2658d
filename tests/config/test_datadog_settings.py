"""The settings of what Datadog is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from portico.config import load
from portico.kit.errors import ConfigError


def read(folder: Path, text: str):
    (folder / "portico.toml").write_text(f"[datadog]\n{text}")
    return load.load(None, None, cwd=folder).settings.datadog


def test_keys_are_files_beside_the_settings(tmp_path: Path):
    found = read(tmp_path, 'api_key_file = "api.key"\napp_key_file = "app.key"')
    assert (found.api_key_file, found.app_key_file) == (tmp_path / "api.key", tmp_path / "app.key")


@pytest.mark.parametrize(
    "address", ["https://relay.example.com/", "http://127.0.0.1:8080", "http://[::1]:80"]
)
def test_keys_go_over_tls_or_stay_on_the_machine(tmp_path: Path, address: str):
    assert read(tmp_path, f'address = "{address}"').address == address.rstrip("/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('address = "http://relay.example.com"', "datadog/address: .*https"),
        ('app_key_file = "app.key"', "app_key_file needs api_key_file"),
        ('site = "datadog.example"', "datadog/site: expected .*datadoghq.eu"),
        ('tags = ["Not A Tag"]', "datadog/tags"),
        ('notify = ["pagerduty"]', "datadog/notify"),
        ('api_key = "0123"', "datadog/api_key: unknown key, did you mean api_key_file"),
    ],
)
def test_what_can_not_be_is_refused_by_its_name(tmp_path: Path, text: str, said: str):
    with pytest.raises(ConfigError, match=said):
        read(tmp_path, text)
