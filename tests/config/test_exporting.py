"""Where numbers are sent: what may be asked for, and what is refused before it is tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portico.config import load
from portico.kit.errors import ConfigError

WRITE = {"name": "there", "url": "https://prometheus.example.com/api/v1/write"}


def parsed(*remote_write: dict[str, Any], otlp: tuple[dict[str, Any], ...] = ()) -> Any:
    values = {"export": {"remote_write": list(remote_write), "otlp": list(otlp)}}
    return load.parse(values, where="portico.toml").export


def test_nothing_is_sent_unless_it_is_asked_for():
    assert load.parse({}, where="nothing").export.destinations == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"url": "prometheus.example.com"}, "https://"),
        ({"url": "https://me:secret@prometheus.example.com/"}, "without a password"),
        ({"user": "portico"}, "user and password_file together"),
        ({"password_file": "password"}, "user and password_file together"),
        (
            {"user": "portico", "password_file": "password", "bearer_file": "token"},
            "either user or bearer_file",
        ),
        ({"every_s": 0.1}, "every_s"),
        ({"password": "secret"}, "unknown key"),
    ],
)
def test_what_can_t_be_meant_is_refused(more: dict[str, Any], said: str):
    with pytest.raises(ConfigError, match=said) as caught:
        parsed({**WRITE, **more})
    assert "secret" not in str(caught.value)


def test_destinations_have_names_that_differ_whatever_they_speak():
    with pytest.raises(ConfigError, match="names that differ, got there, there"):
        parsed(WRITE, otlp=({"name": "there", "url": "http://127.0.0.1:4318"},))


def test_files_are_sought_beside_the_settings(tmp_path: Path):
    (tmp_path / "portico.toml").write_text(
        '[[export.otlp]]\nname = "there"\nurl = "http://127.0.0.1:4318"\n'
        'headers_file = "otlp.headers"\ntrusted = "/etc/ca.pem"\n'
    )
    (found,) = load.load(tmp_path / "portico.toml", None, cwd=tmp_path).settings.export.otlp
    assert found.headers_file == tmp_path / "otlp.headers"
    assert found.trusted == Path("/etc/ca.pem")
