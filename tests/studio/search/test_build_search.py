"""The index is real, made by Pagefind from pages as visitors get them."""

from __future__ import annotations

import json

from portico.studio.search import build

WORDS = ("bridge", "copper", "river", "turbine", "meadow", "signal", "harbour", "lantern")


def page(path, language, title, *, head="", said="words about pumps"):
    html = f"""<!doctype html><html lang="{language}"><head><title>{title}</title>{head}</head>
<body><nav>navigation</nav><main><h1>{title}</h1><p>{said}</p></main></body></html>"""
    return path, html.encode()


def many():
    for number in range(60):
        said = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 30))
        language, prefix = ("de", "/de") if number % 3 == 0 else ("en", "")
        yield page(f"{prefix}/page-{number}/", language, f"Page {number}", said=said)


def contents(pages, folder):
    """The index's files, by path, of pages that lie in files."""
    documents = []
    for number, (path, html) in enumerate(pages):
        file = folder / "bodies" / f"{number}-{path.replace('/', '.')}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(html)
        documents.append((path, file))
    return {path: file.read_bytes() for path, file in build.build(documents, folder / "index")}


def test_the_same_pages_give_the_same_files_in_whatever_order_they_come(tmp_path):
    first = contents(many(), tmp_path / "one")
    for number in range(8):
        assert contents(reversed(list(many())), tmp_path / str(number)) == first


def test_each_language_has_an_index_of_its_own(tmp_path):
    built = contents(many(), tmp_path)
    languages = json.loads(built["/pagefind/pagefind-entry.json"])["languages"]
    assert {name: one["page_count"] for name, one in languages.items()} == {"de": 20, "en": 40}


def test_hidden_pages_lost_ones_and_lists_of_others_are_not_found(tmp_path):
    hidden = page("/thanks/", "en", "Thanks", head='<meta name="robots" content="noindex">')
    lost = page("/404.html", "en", "Lost")
    listing = page("/news/page/2/", "en", "News", said='<i data-pagefind-ignore="all"></i>')
    built = contents([hidden, lost, listing, page("/", "en", "Home")], tmp_path)
    assert sum(path.startswith("/pagefind/fragment/") for path in built) == 1


def test_only_what_the_search_page_loads_is_published(tmp_path):
    built = contents([page("/", "en", "Home")], tmp_path)
    assert "/pagefind/pagefind.js" in built
    assert "/pagefind/pagefind-worker.js" in built
    assert not [path for path in built if "ui" in path.rpartition("/")[2]]


def test_a_site_without_pages_has_no_index(tmp_path):
    assert build.build([], tmp_path) == []


def test_no_page_is_copied_for_it(tmp_path, monkeypatch):
    def refuse(*_):
        raise AssertionError("copied")

    monkeypatch.setattr(build.shutil, "copyfile", refuse)
    assert contents(many(), tmp_path)
