"""Every command that a page tells people to type is one that the CLI takes."""

import re
import shlex

import pytest

from portico.cli import app
from support.pages import PAGES, ROOT

BY_THE_SCRIPT = {"test", "bench"}
STAND_INS = {"ID": "3f9a2c71", "CLUSTER": "a", "N": "3", "NAME": "replica", "PART": "edge"}


def commands(page):
    """The arguments of each `portico ...` in shell blocks, and between backticks where it has some."""
    lines = [line for block in page.code("sh") for line in block.splitlines()]
    lines += [code for code in re.findall(r"`([^`\n]+)`", page.prose) if len(code.split()) != 2]
    for line in lines:
        for part in re.split(r" && | \| |; ", line):
            whole = part.count("'") % 2 == 0 and part.count('"') % 2 == 0
            words = shlex.split(part, comments=True) if whole else []
            if words and words[0] in {"portico", "./portico"}:
                yield tuple(STAND_INS.get(word, word) for word in words[1:])


def names(page):
    """The commands that are named between backticks, with nothing behind them."""
    return set(re.findall(r"`(?:\./)?portico ([a-z]+)`", page.prose))


def parse(args):
    """Let the CLI take the arguments; raises its own usage error."""
    command = app.command()
    context = command.make_context("portico", list(args))
    while hasattr(command, "resolve_command") and (rest := [*context._protected_args, *context.args]):
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, list(rest), parent=context)


TOLD = sorted({(page.name, command) for page in PAGES for command in commands(page)})


@pytest.mark.parametrize(
    ("page", "command"), TOLD, ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_a_command_in_a_page_is_the_clis(page, command):
    if command and command[0] in BY_THE_SCRIPT:
        assert re.search(rf"\b{command[0]}\b", (ROOT / "portico").read_text())
        return
    parse(command)


def test_an_unknown_command_would_be_found():
    with pytest.raises(Exception, match="No such command"):
        parse(["pubish"])


def test_what_is_named_is_a_command():
    named = {name for page in PAGES for name in names(page)}
    assert named <= {lazy.name for lazy in app.TABLE} | BY_THE_SCRIPT


def test_every_command_of_the_cli_is_told_somewhere():
    told = {word for _, command in TOLD for word in command} | {
        name for page in PAGES for name in names(page)
    }
    assert {lazy.name for lazy in app.TABLE} <= told
