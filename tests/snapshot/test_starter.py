from __future__ import annotations

import hashlib

from portico.snapshot import folder, policy
from support.freezing import Stack


def test_the_starter_page_freezes_without_a_doubt(tmp_path):
    frozen = Stack(tmp_path).strict().freeze(folder.Folder(folder.starter()))
    assert (frozen.broken, frozen.warnings) == ((), ())


def test_the_starter_page_needs_no_exception_from_its_policy(tmp_path):
    stack = Stack(tmp_path)
    for path, entry in stack.entries(stack.freeze(folder.Folder(folder.starter())).id).items():
        if (entry.header("content-type") or "").startswith("text/html"):
            csp = entry.header("content-security-policy") or ""
            assert "unsafe" not in csp, path
            assert "sha256" not in csp, path


def test_the_starter_pages_style_is_named_by_its_content():
    (style,) = folder.starter().glob("*.css")
    assert style.name == f"style.{hashlib.sha256(style.read_bytes()).hexdigest()[:8]}.css"
    assert policy.fingerprinted(style.name)


def test_nothing_of_the_starter_page_comes_from_elsewhere():
    for page in folder.starter().glob("*.html"):
        text = page.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text, page.name
        assert "<script" not in text, page.name
