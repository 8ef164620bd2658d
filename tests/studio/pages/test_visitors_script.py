"""Each page says what kind it is, and of how many visits it tells how fast it was."""

import contextlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from portico.config.visitors import KINDS
from support import sitepages

pytestmark = pytest.mark.django_db

TYPES = json.loads((Path(__file__).parents[2] / "browser" / "page_types.json").read_text())
SCRIPT = "script[data-kind]"


def test_every_page_says_a_kind_that_the_watcher_knows():
    said = {page.css_first(SCRIPT).attributes["data-kind"] for _, page in sitepages.parsed()}
    assert said == set(KINDS)


def test_the_script_and_the_library_are_named_by_their_content_and_wait_for_the_page():
    for path, page in sitepages.parsed():
        told = page.css_first(SCRIPT).attributes
        assert "defer" in told, path
        for file in (told["src"], told["data-library"]):
            with contextlib.closing(sitepages.get(file)) as answer:
                assert answer.headers["cache-control"].endswith("immutable"), path


def test_nobody_is_asked_where_the_share_is_nothing(monkeypatch):
    monkeypatch.setattr(settings, "HERE", replace(settings.HERE, visitors_share=0.0))
    assert "data-kind" not in sitepages.get("/").content.decode()


def test_another_share_renders_every_page_anew():
    told = (
        "from portico.studio.freezing import builds; import django; django.setup(); print(builds.current())"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "portico.studio.settings", "PATH": ""}
    builds = {
        subprocess.run(
            [sys.executable, "-c", told],
            env={
                **environment,
                "PORTICO_STUDIO_VISITORS_SHARE": share,
                "PORTICO_STUDIO_DATA": str(settings.HERE.data),
            },
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for share in ("0.25", "0.5")
    }
    assert len(builds) == 2
