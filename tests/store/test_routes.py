from __future__ import annotations

from portico.model import RedirectRule
from portico.store import routes


def follow(pattern: str, target: str, path: str, status: int = 302) -> str | None:
    return routes.follow(RedirectRule(pattern, target, status), path)


def test_a_splat_stands_for_any_text_also_none():
    assert follow("/a/*", "/b/:splat", "/a/x/y") == "/b/x/y"
    assert follow("/a/*", "/b/:splat", "/a/") == "/b/"
    assert follow("/a/*", "/b/:splat", "/a") is None


def test_a_name_stands_for_one_segment():
    assert follow("/:a/x/:b", "/:b/:a", "/1/x/2") == "/2/1"
    assert follow("/:a/x/:b", "/:b/:a", "/1/x/") is None


def test_what_a_placeholder_holds_is_not_filled_again():
    assert follow("/:a/:b", "/x/:a", "/:b/y") == "/x/:b"


def test_a_location_is_encoded_and_a_rewrites_path_is_not():
    assert follow("/a/*", "/b/:splat", "/a/é ?") == "/b/%C3%A9%20%3F"
    assert follow("/a/*", "/k%C3%A4se/:splat", "/a/é ?", 200) == "/käse/é ?"


def test_a_visitor_never_chooses_the_host():
    assert follow("/a/*", "/:splat", "/a//evil.example") == "/evil.example"
    assert follow("/a/*", "/:splat", "/a/\\evil.example") == "/%5Cevil.example"
