"""What docs/build-your-site.md tells to write is written and run here, word by word."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import studios

GUIDE = (studios.ROOT / "docs" / "build-your-site.md").read_text("utf-8")
FILES = re.findall(r"`(apps/acme/\S+)`:\n\n```\w+\n(.*?)```", GUIDE, re.DOTALL)
COMMANDS = re.findall(r"^\./portico studio manage (.+)$", GUIDE, re.MULTILINE)

SHOW = """
import django
django.setup()
from django.test import Client
from acme.models import CasePage
from portico.studio.models.home import HomePage
home = HomePage.objects.get(slug="home")
value = {"heading": "What it costs", "items": [{"what": "A look", "amount": "nothing"}]}
page = CasePage(title="Kallm", summary="A mill.", river="Naab", locale=home.locale, body=[("prices", value)])
home.add_child(instance=page).save_revision().publish()
print(Client(SERVER_NAME="localhost").get("/kallm/").content.decode())
"""


pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def site(tmp_path, studio_template, database_kind):
    if database_kind != "sqlite":
        pytest.skip("commands of the guide are the same on both databases")
    for name, text in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    for name in ("__init__.py", "migrations/__init__.py"):
        file = tmp_path / "apps" / "acme" / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    shutil.copyfile(studio_template / "studio.db", tmp_path / "studio.db")
    return tmp_path


def _run(site: Path, *command: str) -> str:
    told = {"DATA": str(site), "APPS": "acme", "PATH": str(site / "apps")}
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO")},
        **{f"PORTICO_STUDIO_{name}": value for name, value in told.items()},
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "portico.studio.settings",
    }
    done = subprocess.run(
        [sys.executable, *command],
        env=env,
        cwd=site,
        check=False,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_section_and_a_page_type_of_the_sites_own_are_shown(site):
    assert COMMANDS == ["makemigrations acme", "migrate"]
    for command in COMMANDS:
        _run(site, "-m", "portico.studio", *command.split())
    shown = _run(site, "-c", SHOW)
    assert "<dt>A look</dt><dd>nothing</dd>" in shown
    assert "Naab" in shown


def test_a_section_needs_no_migration(site):
    (site / "apps" / "acme" / "models.py").unlink()
    assert "No changes detected" in _run(
        site, "-m", "portico.studio", "makemigrations", "--check", "--dry-run"
    )
