from __future__ import annotations

import pytest

from portico.snapshot import urls


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("index.html", "/"),
        ("docs/index.html", "/docs/"),
        ("about.html", "/about"),
        ("docs/about.html", "/docs/about"),
        ("404.html", "/404.html"),
        ("de/404.html", "/de/404.html"),
        ("app.js", "/app.js"),
        ("page.htm", "/page.htm"),
        ("myindex.html", "/myindex"),
        ("LICENSE", "/LICENSE"),
        (".well-known/security.txt", "/.well-known/security.txt"),
    ],
)
def test_a_file_has_one_clean_path(name, path):
    assert urls.path_of(name) == path


@pytest.mark.parametrize("name", ["index.html", "docs/index.html", "about.html", "app.js", "404.html"])
def test_a_file_is_found_by_its_name_too(name):
    assert urls.path_of(name) in urls.answering(f"/{name}")


def test_a_slash_too_many_or_missing_still_leads_there():
    assert "/docs/" in urls.answering("/docs")
    assert "/about" in urls.answering("/about/")


def test_only_a_page_named_404_is_one():
    assert urls.is_not_found("de/404.html")
    assert not urls.is_not_found("x404.html")
