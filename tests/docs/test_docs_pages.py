"""The pages say what the code does, and lead where they point."""

import re
import runpy
import tomllib
from urllib.parse import unquote

import pytest

from portico.kit.errors import Exit
from support.pages import PAGES, ROOT, Page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.prose):
        if "://" in target:
            continue
        place, _, heading = target.partition("#")
        found = (page.path.parent / unquote(place)).resolve() if place else page.path
        assert found.exists(), target
        assert found.is_relative_to(ROOT), target
        assert not heading or heading in Page(found).headings, target


def test_every_page_is_led_to():
    linked = {
        (page.path.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in re.findall(r"\]\(([^)\s]+)\)", page.prose)
        if "://" not in target
    }
    others = {page.path for page in PAGES} - linked
    assert {path.name for path in others if path.parent != ROOT} == set()


@pytest.mark.parametrize("name", ["reference/configuration.md", "reference/portico.toml", "metrics.md"])
def test_a_generated_page_is_as_the_code_says(name):
    """Written by dev/docs.py."""
    made = runpy.run_path(str(ROOT / "dev" / "docs.py"))["pages"]()
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made[name]


def test_the_layers_are_told_in_the_words_of_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    text = Page(ROOT / "docs" / "architecture.md").text.split("## The layers")[1]
    told = re.findall(r"```\n(.*?)```", text, re.DOTALL)[0].splitlines()
    assert [re.split(r"  +", line)[0] for line in told] == [line.replace("portico.", "") for line in layers]


def test_every_layer_of_the_contract_is_a_package():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    assert {name for line in layers for name in line.split(" | ")} == _parts()


def test_the_studio_may_import_no_other_part():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (forbidden,) = [
        set(contract["forbidden_modules"]) for contract in contracts if contract["type"] == "forbidden"
    ]
    assert forbidden == _parts() - {"portico.studio"}


def _parts() -> set[str]:
    source = ROOT / "src" / "portico"
    return {f"portico.{path.stem}" for path in source.iterdir() if not path.name.startswith("_")}


def test_the_exit_codes_are_told_as_they_are():
    page = Page(ROOT / "docs" / "errors.md").text
    assert dict(re.findall(r"^\| (\d) \| ([A-Z]+) \|", page, re.MULTILINE)) == {
        str(code.value): code.name for code in Exit
    }


def test_every_decision_is_in_the_index_under_its_own_title():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(
        r"^\| \[(\d{4})\]\((.+?)\) \| (.+?) \|$", Page(folder / "README.md").text, re.MULTILINE
    )
    told = [(path.name[:4], path.name, path.read_text().splitlines()[0]) for path in folder.glob("[0-9]*.md")]
    assert [(number, file, f"# {number}: {title}") for number, file, title in listed] == sorted(told)


def test_no_page_names_a_place_on_somebodys_machine():
    for page in PAGES:
        assert not re.search(r"/(home|Users|root|work|tmp)/\w", page.text), page.name


def test_the_lock_files_name_no_index():
    for lock in (ROOT / "requirements").glob("*.lock"):
        assert "://" not in lock.read_text(), lock.name
