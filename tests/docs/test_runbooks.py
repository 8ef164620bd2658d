"""Each finding has its runbook, and what a runbook tells to type works."""

import ast
import os
import re
import shutil
import subprocess

import pytest

from portico.edge import livemap
from portico.watch.alerts import table
from support import edging
from support.pages import ROOT, Page

FOLDER = ROOT / "docs" / "runbooks"
INDEX = Page(FOLDER / "README.md")
RUNBOOKS = [Page(path) for path in sorted(FOLDER.glob("*.md")) if path != INDEX.path]


def found_in_code():
    """The first words of all keys that findings are made with."""
    own = ROOT / "src" / "portico" / "studio"  # its findings are for editors, in its own words
    texts = (path.read_text() for path in (ROOT / "src").rglob("*.py") if own not in path.parents)
    for tree in (ast.parse(text) for text in texts if "Finding(" in text):
        names = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                key = first_word(node.args[0] if node.args else None, names)
                if key:
                    yield key


def first_word(node, names):
    if isinstance(node, ast.Name):
        return first_word(names.get(node.id), {})
    if isinstance(node, ast.JoinedStr):
        return first_word(node.values[0], {})
    return node.value.rstrip(":").partition(":")[0] if isinstance(node, ast.Constant) else None


def listed(heading):
    part = INDEX.text.split(f"## {heading}")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| \[([\w-]+)\]\(([\w.-]+)\)", part, re.MULTILINE))


def test_every_finding_of_the_code_has_its_runbook():
    assert set(listed("Findings")) == {*found_in_code(), *table.ALERTS}


def test_the_index_lists_every_runbook_by_its_name():
    files = {**listed("Findings"), **listed("Without a finding")}
    assert {file: name for name, file in files.items()} == {
        page.path.name: page.path.stem for page in RUNBOOKS
    }


@pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.path.stem)
def test_a_runbook_tells_what_was_done_and_when_it_is_over(page):
    assert re.findall(r"^## (.+)$", page.text, re.MULTILINE) == [
        "What you see",
        "What was done already",
        "What to do",
        "It is over when",
    ]
    assert page.text.startswith(f"# {page.path.stem}\n")


def switch():
    """The two ways that keeper-down tells: with socat, and with Python in its second line's place."""
    first, second = Page(FOLDER / "keeper-down.md").code("sh")
    line, with_socat = first.strip().splitlines()
    return {"socat": f"{line}\n{with_socat}\n", "python3": f"{line}\n{second}"}


@pytest.mark.parametrize("tool", ["socat", "python3"])
def test_the_switch_without_a_control_plane_switches(tmp_path, tool):
    if not shutil.which("haproxy") or not shutil.which(tool):
        pytest.skip(f"haproxy or {tool} is not installed")
    with edging.prepared(tmp_path) as edge:
        edge.start()
        done = subprocess.run(
            ["sh", "-euc", switch()[tool]],
            cwd=edge.home.root,
            env={**os.environ, "ID": edging.NEXT},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert edge.runtime.live() == edging.NEXT
        assert livemap.read(edge.home.root) == edging.NEXT
